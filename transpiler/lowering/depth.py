"""How deep parts are nested, and which of them become functions for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transpiler.ir import nodes as ir
from transpiler.lowering.lift import levels_below
from transpiler.lowering.scope import DEEPEST


def is_too_deep(node: ir.Step, depth: int) -> bool:
    """Whether a step, at a depth, becomes a function.

    It does if the blocks that it opens are too many. A part that has a name does so too
    if something in it, which has none, would: it is the better function.
    """
    if not depth:
        return False
    if depth + levels(node) > DEEPEST:
        return True
    return _has_name(node) and any(
        _lifts_nameless(step, depth + deeper) for step, deeper in _inside(node)
    )


def _has_name(node: ir.Step) -> bool:
    match node:
        case ir.Composite(function=function, parameters=()):
            return function.name != "<lambda>"
        case _:
            return isinstance(node, ir.Named)


def _lifts_nameless(node: ir.Step, depth: int) -> bool:
    """Whether something in a step, at a depth, would become a function without name."""
    if _has_name(node):
        # Whatever is too deep in it, it is the one that becomes a function.
        return False
    if depth + levels(node) > DEEPEST:
        return not isinstance(node, (ir.Call, ir.Composite))
    return any(_lifts_nameless(step, depth + deeper) for step, deeper in _inside(node))


def _inside(node: ir.Step) -> Iterator[tuple[ir.Step, int]]:
    """Yield the steps right inside of another, and how much deeper they stand."""
    match node:
        case ir.Composite(step=ir.Named(inner=inner) as step, parameters=()):
            # The constructor and the name in it are one part.
            yield inner, levels_below(step) + levels_below(inner)
        case ir.Composite(step=step, parameters=()):
            yield step, 0
        case ir.Named(inner=inner):
            yield inner, levels_below(inner)
        case ir.Logged(step=step) | ir.Traced(step=step):
            yield step, levels_below(step)
        case ir.Do(steps=steps, join_errors=joined):
            yield from ((step, int(joined)) for step in steps)
        case ir.InSerial(providers=providers, join_errors=joined):
            for provider in providers:
                yield from _steps_of(provider, int(joined))
        case ir.WithTimeout(step=step) | ir.WithDeadline(step=step):
            yield step, 0
        case ir.Spawn(step=step):
            yield step, 0
        case ir.Retry(step=step):
            yield step, 2
        case ir.When(step=step, otherwise=other):
            yield step, 1
            if other is not None and not isinstance(other, ir.When):
                yield other, 1
        case ir.Switch(cases=cases, otherwise=other):
            yield from ((case.step, 2) for case in cases)
            if other is not None:
                yield other, 2
        case ir.OnError(step=step, handlers=handlers):
            yield step, 1
            for handler in handlers:
                if isinstance(handler, ir.Handler) and handler.step is not None:
                    yield handler.step, 1
        case ir.Ensure(step=step, cleanup=cleanup):
            yield step, 1
            yield cleanup, 1
        case (
            ir.While(step=step)
            | ir.Repeat(step=step)
            | ir.IgnoreError(step=step)
            | ir.RecoverPanics(step=step)
            | ir.Using(step=step)
        ):
            yield step, 1


def _steps_of(provider: ir.Provider, joined: int) -> Iterator[tuple[ir.Step, int]]:
    match provider:
        case ir.Steps(steps=steps):
            yield from ((step, joined) for step in steps)
        case ir.ForEach(body=body):
            yield body, 1 + joined
        case ir.Named(inner=inner):
            yield from _steps_of(inner, joined)


def levels(node: Any) -> int:
    """Return how many levels of blocks a part opens itself."""
    match node:
        case ir.Do(steps=steps, join_errors=False):
            return max(map(levels, steps), default=0)
        case ir.Spawn(derive=derive, step=step):
            return max(levels(derive), levels(step))
        case ir.Composite(step=step, parameters=()):
            return levels(step)
        case ir.WithTimeout(step=step) | ir.WithDeadline(step=step):
            return levels(step)
        case ir.Call() | ir.Composite() | ir.Sleep():
            return 0
        case ir.InParallel() | ir.Retry() | ir.Switch():
            return 2
        case ir.Pipeline(extract, transforms, consume):
            return max(map(levels, (extract, *transforms, consume)))
        # A loop, and the `try` in it that says which element it was.
        case ir.Render(transform=inner) | ir.Apply(consume=inner):
            return 2 + levels(inner)
        case ir.Collect(extract=inner):
            return 2 + levels(inner)
        case ir.From(extract, transforms):
            return max(map(levels, (extract, *transforms)))
        case ir.Chain(transforms=transforms):
            return max(map(levels, transforms), default=0)
        case ir.Feed(transforms, consume):
            return max(map(levels, (*transforms, consume)))
        case ir.Value() | ir.Flatten():
            return 0
        case _:
            return 1
