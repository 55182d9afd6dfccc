"""Fold runs of like steps into loops over data.

`flow.do(*[create(f"table_{i}") for i in range(1000)])` builds a thousand steps. From
`LEAST` turns on, a reviewer would rather read `for i in range(1000)`. Steps that the
author wrote one by one stay as they are: only those of one place are folded, and their
order stays, and so does what happens where one of them fails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from itertools import groupby
from types import FunctionType
from typing import Any

from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Computed, Given, Item, Let
from transpiler.passes.folding.unify import unified
from transpiler.source import NOWHERE

LEAST = 8
"""From so many turns on, like steps are folded."""

LONGEST = 8
"""So many steps of one turn are looked for: `a(t), b(t)` for each `t` are two."""


def fold_runs(workflow: ir.Workflow) -> ir.Workflow:
    """Return the workflow with its runs of like steps as loops over data."""
    return replace(workflow, step=_Folding().folded(workflow.step))


class _Folding:
    def __init__(self) -> None:
        # A node that is used in several places stays one.
        self.known: dict[int, tuple[ir.Node, ir.Node]] = {}
        self.shapes: dict[object, int] = {}

    def folded(self, part: Any) -> Any:
        """Return a part with all runs below it folded, the innermost first."""
        if isinstance(part, tuple):
            made = tuple(map(self.folded, part))
            same = all(x is y for x, y in zip(made, part, strict=True))
            return part if same else made
        if not isinstance(part, ir.Node):
            return part
        if id(part) not in self.known:
            updates = {}
            for field in fields(part):
                old = getattr(part, field.name)
                new = self.folded(old)
                if new is not old:
                    updates[field.name] = new
            inner = replace(part, **updates) if updates else part
            self.known[id(part)] = part, self.fold(inner)
        return self.known[id(part)][1]

    def fold(self, node: ir.Node) -> ir.Node:
        match node:
            case ir.Do(steps=steps, join_errors=False):
                folded = self.in_order(steps)
                return node if folded is steps else replace(node, steps=folded)
            case ir.Do(steps=steps):
                kept = tuple(ir.Steps((step,), span=step.span) for step in steps)
                made = self.provided(kept, longest=1)
                if made is kept:
                    return node
                return ir.InSerial(made, node.join_errors, span=node.span)
            case ir.InSerial(providers=given, join_errors=join):
                made = self.provided(given, longest=1 if join else LONGEST)
                return node if made is given else replace(node, providers=made)
            case ir.InParallel(providers=given):
                # Each of its steps is a branch of its own.
                made = self.provided(given, longest=1)
                return node if made is given else replace(node, providers=made)
            case _:
                return node

    def in_order(self, steps: tuple[ir.Step, ...]) -> tuple[ir.Step, ...]:
        """Fold the runs of steps that run one after another."""
        while True:
            made: list[ir.Step] = []
            for part in self.pieces(steps, LONGEST):
                if isinstance(part, ir.ForEach):
                    made.append(ir.InSerial((part,)))
                else:
                    made += part
            if len(made) == len(steps):
                return steps
            # A loop in a loop: what it makes may be a run itself.
            steps = tuple(made)

    def provided(
        self, providers: tuple[ir.Provider, ...], longest: int
    ) -> tuple[ir.Provider, ...]:
        """Fold the runs of steps that providers give."""
        made: list[ir.Provider] = []
        for single, group in groupby(providers, _is_single):
            if single:
                found = self.pieces([s for p in group for s in _steps(p)], longest)
                for part in found:
                    if isinstance(part, ir.ForEach):
                        made.append(part)
                    else:
                        made += [ir.Steps((step,), span=step.span) for step in part]
            else:
                for provider in group:
                    made += self.of_provider(provider, longest)
        return providers if _loops(made) == _loops(providers) else tuple(made)

    def of_provider(self, provider: ir.Provider, longest: int) -> list[ir.Provider]:
        """Fold the runs of what a provider gives, if that is a fixed list of steps."""
        made: list[ir.Provider] = []
        for part in self.pieces(_steps(provider), longest):
            # What stands beside the whole goes above the first of it.
            span = NOWHERE if made else provider.span
            if isinstance(part, ir.ForEach):
                made.append(replace(part, span=span))
            else:
                made.append(ir.Steps(tuple(part), span=span))
        return made if _loops(made) else [provider]

    def pieces(
        self, steps: Sequence[ir.Step], longest: int
    ) -> Iterator[ir.ForEach | list[ir.Step]]:
        """Yield the loops that runs are folded to, and the steps between them."""
        shapes = [self.shape(step) for step in steps]
        between: list[ir.Step] = []
        at = 0
        while at < len(steps):
            period, turns = _run_at(at, shapes, longest)
            length = period * turns
            run = steps[at : at + length]
            loop = unified(_turns(run, period)) if turns > 1 else None
            if loop is None:
                between += run
            else:
                if between:
                    yield between
                    between = []
                yield loop
            at += length
        if between:
            yield between

    def shape(self, part: Any) -> int:
        """Return a number that is the same for like parts."""
        key: object
        match part:
            case Given() | Let() | Item():
                key = type(part)
            case Computed(source):
                key = source.text
            case tuple():
                key = tuple(map(self.shape, part))
            case ir.Function(fn=fn, captured=captured, defaults=defaults):
                code = fn.__code__ if isinstance(fn, FunctionType) else fn
                key = id(code), self.shape((*captured, *defaults))
            case ir.HandlerFunction(fn=fn):
                key = id(fn.__code__)
            case ir.Composite(step=step, parameters=parameters) if parameters:
                key = type(part), id(step), part.span, part.span.origin
            case ir.Composite(step=step):
                key = type(part), self.shape(step)
            case ir.Node():
                values = (
                    getattr(part, x.name) for x in fields(part) if x.name != "span"
                )
                inner = tuple(map(self.shape, values))
                key = type(part), part.span, part.span.origin, inner
            case ir.Argument(value, keyword):
                key = keyword, self.shape(value)
            case str() | int() | None:
                key = type(part), part
            case _:
                key = type(part)
        return self.shapes.setdefault(key, len(self.shapes))


def _is_single(provider: ir.Provider) -> bool:
    """Whether a provider is a step that stands for one."""
    match provider:
        case ir.Steps(steps=(step,), span=span):
            return span == step.span
        case _:
            return False


def _steps(provider: ir.Provider) -> tuple[ir.Step, ...]:
    return provider.steps if isinstance(provider, ir.Steps) else ()


def _loops(providers: Sequence[ir.Provider]) -> int:
    return sum(isinstance(provider, ir.ForEach) for provider in providers)


def _run_at(at: int, shapes: Sequence[int], longest: int) -> tuple[int, int]:
    """Return how many steps a turn has, and how many turns there are."""
    for period in range(1, longest + 1):
        end = at + period
        while end < len(shapes) and shapes[end] == shapes[end - period]:
            end += 1
        turns = (end - at) // period
        if turns >= LEAST:
            return period, turns
    return 1, 1


def _turns(run: Sequence[ir.Step], period: int) -> list[ir.Step]:
    if period == 1:
        return list(run)
    starts = range(0, len(run), period)
    return [ir.Do(tuple(run[at : at + period])) for at in starts]
