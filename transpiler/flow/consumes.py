"""Consumes: where values that flow are used up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, overload

from transpiler.capture.sites import CallSite, call_site
from transpiler.flow.accept import accept, merged_state
from transpiler.flow.kinds import (
    T1,
    T2,
    T3,
    T4,
    T5,
    A,
    B,
    Consume,
    ConsumeKind,
    ConsumeLike,
    Extract,
    ExtractLike,
    S,
    Step,
    T,
    Transform,
    TransformLike,
)
from transpiler.ir import nodes as ir


@overload
def with_(
    extract: ExtractLike[S, Iterable[T]], consume: ConsumeKind[S, Iterable[T]], /
) -> Step[S]: ...
@overload
def with_(extract: ExtractLike[S, A], consume: ConsumeLike[S, A], /) -> Step[S]: ...
def with_(extract: Any, consume: Any, /) -> Any:
    """Give what an extract reads to a consume."""
    site = call_site(with_)
    return _pipeline(extract, (consume,), site)


@overload
def pipeline(
    extract: ExtractLike[S, Iterable[T]], consume: ConsumeKind[S, Iterable[T]], /
) -> Step[S]: ...
@overload
def pipeline(extract: ExtractLike[S, A], consume: ConsumeLike[S, A], /) -> Step[S]: ...
@overload
def pipeline(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, T1],
    consume: ConsumeLike[S, T1],
    /,
) -> Step[S]: ...
@overload
def pipeline(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    consume: ConsumeLike[S, T2],
    /,
) -> Step[S]: ...
@overload
def pipeline(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    consume: ConsumeLike[S, T3],
    /,
) -> Step[S]: ...
@overload
def pipeline(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    t4: TransformLike[S, T3, T4],
    consume: ConsumeLike[S, T4],
    /,
) -> Step[S]: ...
@overload
def pipeline(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    t4: TransformLike[S, T3, T4],
    t5: TransformLike[S, T4, T5],
    consume: ConsumeLike[S, T5],
    /,
) -> Step[S]: ...
@overload
def pipeline(
    extract: ExtractLike[S, A],
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    t4: TransformLike[S, T3, T4],
    t5: TransformLike[S, T4, T5],
    t6: TransformLike[S, T5, B],
    consume: ConsumeLike[S, B],
    /,
) -> Step[S]: ...
def pipeline(extract: Any, /, *transforms_and_consume: Any) -> Any:
    """Put what an extract reads through transforms into a consume."""
    site = call_site(pipeline)
    return _pipeline(extract, transforms_and_consume, site)


def _pipeline(extract: Any, rest: tuple[Any, ...], site: CallSite) -> Step[Any]:
    source: Extract[Any, Any] = accept(Extract, extract, site, 0)
    transforms, consume = _consumed(rest, site, 1)
    nodes = tuple(part.node for part in transforms)
    node = ir.Pipeline(source.node, nodes, consume.node, span=site.span)
    return Step(node, merged_state(site, [source, *transforms, consume]))


@overload
def feed(consume: ConsumeLike[S, A], /) -> Consume[S, A]: ...
@overload
def feed(
    t1: TransformLike[S, A, T1], consume: ConsumeLike[S, T1], /
) -> Consume[S, A]: ...
@overload
def feed(
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    consume: ConsumeLike[S, T2],
    /,
) -> Consume[S, A]: ...
@overload
def feed(
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    consume: ConsumeLike[S, T3],
    /,
) -> Consume[S, A]: ...
@overload
def feed(
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    t4: TransformLike[S, T3, T4],
    consume: ConsumeLike[S, T4],
    /,
) -> Consume[S, A]: ...
@overload
def feed(
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    t4: TransformLike[S, T3, T4],
    t5: TransformLike[S, T4, T5],
    consume: ConsumeLike[S, T5],
    /,
) -> Consume[S, A]: ...
@overload
def feed(
    t1: TransformLike[S, A, T1],
    t2: TransformLike[S, T1, T2],
    t3: TransformLike[S, T2, T3],
    t4: TransformLike[S, T3, T4],
    t5: TransformLike[S, T4, T5],
    t6: TransformLike[S, T5, B],
    consume: ConsumeLike[S, B],
    /,
) -> Consume[S, A]: ...
def feed(*transforms_and_consume: Any) -> Any:
    """Put transforms before a consume, which makes another consume."""
    site = call_site(feed)
    transforms, consume = _consumed(transforms_and_consume, site, 0)
    nodes = tuple(part.node for part in transforms)
    node = ir.Feed(nodes, consume.node, span=site.span)
    return Consume(node, merged_state(site, [*transforms, consume]))


def apply(consume: ConsumeLike[S, A]) -> Consume[S, Iterable[A]]:
    """Consume each element of a list; an error says which: `element 3`."""
    site = call_site(apply)
    part: Consume[Any, Any] = accept(Consume, consume, site, 0)
    return Consume(ir.Apply(part.node, span=site.span), part.state)


def _consumed(
    parts: tuple[Any, ...], site: CallSite, first: int
) -> tuple[list[Transform[Any, Any, Any]], Consume[Any, Any]]:
    """Return the transforms of a series, and the consume that it ends in."""
    transforms = [
        accept(Transform, value, site, first + index)
        for index, value in enumerate(parts[:-1])
    ]
    last = parts[-1] if parts else None
    consume: Consume[Any, Any] = accept(
        Consume, last, site, first + max(0, len(parts) - 1)
    )
    return transforms, consume
