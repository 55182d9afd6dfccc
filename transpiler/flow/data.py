"""Data: values that flow from an extract through transforms."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, overload

from transpiler.capture.sites import call_site
from transpiler.flow.accept import accept, merged_state, register_transform
from transpiler.flow.kinds import (
    T1,
    T2,
    T3,
    T4,
    T5,
    A,
    B,
    Extract,
    ExtractLike,
    S,
    T,
    Transform,
    TransformKind,
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
    extract: ExtractLike[S, Iterable[T]], t1: TransformKind[S, Iterable[T], B], /
) -> Extract[S, B]: ...
@overload
def from_(
    extract: ExtractLike[S, A], t1: TransformLike[S, A, B], /
) -> Extract[S, B]: ...
@overload
def from_(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, Iterable[T]],
    t2: TransformKind[S, Iterable[T], B],
    /,
) -> Extract[S, B]: ...
@overload
def from_(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, B],
    /,
) -> Extract[S, B]: ...
@overload
def from_(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, B],
    /,
) -> Extract[S, B]: ...
@overload
def from_(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    t4: TransformLike[S, T3, B],
    /,
) -> Extract[S, B]: ...
@overload
def from_(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    t4: TransformLike[S, T3, T4],
    t5: TransformLike[S, T4, B],
    /,
) -> Extract[S, B]: ...
@overload
def from_(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    t4: TransformLike[S, T3, T4],
    t5: TransformLike[S, T4, T5],
    t6: TransformLike[S, T5, B],
    /,
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


@overload
def chain() -> Transform[Any, Any, Any]: ...
@overload
def chain(t1: TransformLike[S, A, B], /) -> Transform[S, A, B]: ...
@overload
def chain(
    t1: TransformLike[S, A, T1], t2: TransformLike[S, T1, B], /
) -> Transform[S, A, B]: ...
@overload
def chain(
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, B],
    /,
) -> Transform[S, A, B]: ...
@overload
def chain(
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    t4: TransformLike[S, T3, B],
    /,
) -> Transform[S, A, B]: ...
@overload
def chain(
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    t4: TransformLike[S, T3, T4],
    t5: TransformLike[S, T4, B],
    /,
) -> Transform[S, A, B]: ...
@overload
def chain(
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    t4: TransformLike[S, T3, T4],
    t5: TransformLike[S, T4, T5],
    t6: TransformLike[S, T5, B],
    /,
) -> Transform[S, A, B]: ...
def chain(*transforms: Any) -> Any:
    """Make one transform of several, one after another."""
    site = call_site(chain)
    parts = [accept(Transform, t, site, index) for index, t in enumerate(transforms)]
    node = ir.Chain(tuple(part.node for part in parts), span=site.span)
    return Transform(node, merged_state(site, parts))


def collect(extract: ExtractLike[S, T]) -> Extract[S, list[T]]:
    """Call an extract until it raises `flow.Exhausted`; give all it gave as a list.

    An error gets a note that says at which element it was: `element 3`.
    """
    site = call_site(collect)
    source: Extract[Any, Any] = accept(Extract, extract, site, 0)
    return Extract(ir.Collect(source.node, span=site.span), source.state)


def render(transform: TransformLike[S, A, B]) -> Transform[S, Iterable[A], list[B]]:
    """Transform each element of a list; an error says which: `element 3`."""
    site = call_site(render)
    part: Transform[Any, Any, Any] = accept(Transform, transform, site, 0)
    return Transform(ir.Render(part.node, span=site.span), part.state)


def flatten(state: object, lists: Iterable[Iterable[T]], /) -> list[T]:
    """Make one list of a list of lists: a transform, given without a call."""
    return [element for elements in lists for element in elements]


register_transform(flatten, ir.Flatten)
