"""Data: values that flow from an extract through transforms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, overload

from transpiler.capture.sites import call_site
from transpiler.flow.accept import accept, merged_state
from transpiler.flow.kinds import (
    A,
    B,
    Extract,
    ExtractLike,
    S,
    T,
    Transform,
    TransformLike,
    U,
)
from transpiler.ir import nodes as ir


def value(x: U) -> Extract[S, U]:
    """Give a value that is known now; a fresh one in every run."""
    site = call_site(value)
    return Extract(ir.Value(site.expression(0, x), span=site.span))


@overload
def from_(extract: ExtractLike[S, A], /) -> Extract[S, A]: ...
@overload
def from_(
    extract: ExtractLike[S, Iterable[T]], t1: Transform[S, Iterable[T], B], /
) -> Extract[S, B]: ...
@overload
def from_(
    extract: ExtractLike[S, A], t1: TransformLike[S, A, B], /
) -> Extract[S, B]: ...
@overload
def from_(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, Any],
    t2: TransformLike[S, Any, B],
    /,
    *transforms: TransformLike[S, Any, Any],
) -> Extract[S, B]: ...
def from_(extract: Any, /, *transforms: Any) -> Any:
    """Put what an extract reads through transforms.

    With `map_(body)` as the last transform it is a provider of steps.
    """
    site = call_site(from_)
    source: Extract[Any, Any] = accept(Extract, extract, site, 0)
    parts = [
        accept(Transform, transform, site, index)
        for index, transform in enumerate(transforms, start=1)
    ]
    node = ir.From(source.node, tuple(p.node for p in parts), span=site.span)
    return Extract(node, merged_state(site, [source, *parts]))
