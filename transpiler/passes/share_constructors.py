"""Make one function of a constructor whose steps run in parallel, or more than once.

A constructor such as `def onboard(tenant): return flow.do(...)` was called at build
time, so the workflow holds one copy of its steps for each call. Where they become a
function anyway, or would stand there at length again, it is called once more with
stand-ins for its parameters. If what comes out gives just the copies when the arguments
are put in, the copies become calls of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from types import FunctionType, MethodType
from typing import Any

from transpiler.capture.rewrite import build
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import TranspileError, apart
from transpiler.frontend.in_place import stays
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import (
    Computed,
    Expression,
    Given,
    Item,
    Let,
    evaluate,
    same_variable,
)
from transpiler.ir.walk import expressions, map_nodes, nodes

Bound = Mapping[Item | Let, Expression]
"""What the stand-ins of a constructor's parameters stand for."""

LARGE = 4
"""From so many leaves on, a constructor that is used twice becomes a function."""


def share_constructors(workflow: ir.Workflow) -> ir.Workflow:
    """Return the workflow with shared constructors as functions over parameters."""
    uses = Counter(_key(c) for c in nodes(workflow.step) if isinstance(c, ir.Composite))
    wanted = set(map(_key, _branches(workflow.step)))
    known: dict[object, ir.Composite | None] = {}

    def change(node: ir.Node) -> ir.Node:
        if not isinstance(node, ir.Composite) or node.parameters:
            return node
        key = _key(node)
        if key not in wanted and (uses[key] < 2 or _leaves(node) < LARGE):
            return node
        if key not in known:
            # While it is looked into, a constructor that calls itself stays as it is.
            known[key] = None
            known[key] = _generic(node)
            made = known[key]
            if made is not None:
                known[key] = replace(made, step=map_nodes(made.step, change))
            originals[key] = made
        generic, original = known[key], originals.get(key)
        if generic is None or original is None:
            return node
        given = dict(node.arguments)
        bound: Bound = {item: given[item.name] for item in original.parameters}
        if not matches(original.step, node.step, bound):
            return node
        return replace(node, step=generic.step, parameters=generic.parameters)

    originals: dict[object, ir.Composite | None] = {}
    return replace(workflow, step=map_nodes(workflow.step, change))


def _key(node: ir.Composite) -> object:
    fn = node.function.fn
    if isinstance(fn, MethodType):
        return fn.__func__, id(fn.__self__)
    return fn.__code__ if isinstance(fn, FunctionType) else fn


def _leaves(node: ir.Node) -> int:
    return sum(isinstance(child, ir.Call) for child in nodes(node))


def _branches(step: ir.Step) -> Iterator[ir.Composite]:
    """Yield the composites that are branches of parallel blocks."""
    for node in nodes(step):
        if isinstance(node, ir.InParallel):
            for provider in node.providers:
                yield from _steps_of(provider)


def _steps_of(provider: ir.Provider) -> Iterator[ir.Composite]:
    match provider:
        case ir.Steps(steps):
            yield from (s for s in steps if isinstance(s, ir.Composite))
        case ir.ForEach(body=body):
            if isinstance(body, ir.Composite):
                yield body
        case ir.Named(inner=inner):
            yield from _steps_of(inner)


def _generic(node: ir.Composite) -> ir.Composite | None:
    """Call a constructor with stand-ins; None if it can't do without values."""
    items = tuple(Item(name) for name, _ in node.arguments)
    try:
        with apart():
            made = build(
                node.function.fn, **{item.name: Symbol(item) for item in items}
            )
    except (TranspileError, TypeError):
        return None
    step = made.node
    if not isinstance(step, ir.Composite) or any(map(_calls, expressions(step.step))):
        return None
    return replace(step, parameters=items)


def _calls(expression: Expression) -> bool:
    match expression:
        case Given(source=source):
            return source is not None and source.calls and not stays(expression)
        case Computed(source):
            return source.calls
        case _:
            return False


_UNKNOWN = object()


def matches(generic: Any, concrete: Any, bound: Bound) -> bool:
    """Return whether a part is another one with expressions put in for its items."""
    if isinstance(generic, (Given, Item, Let, Computed)):
        return _same(generic, concrete, bound)
    if type(generic) is not type(concrete):
        return False
    if isinstance(generic, tuple):
        return len(generic) == len(concrete) and all(
            matches(x, y, bound) for x, y in zip(generic, concrete, strict=True)
        )
    if isinstance(generic, FunctionType):
        # A lambda inside a constructor is a new function in each call.
        return generic is concrete or generic.__code__ is concrete.__code__
    if isinstance(generic, ir.ForEach):
        inside = {**bound, generic.item: concrete.item}
        inside.update(zip(generic.lets, concrete.lets, strict=False))
        lets = [let.value for let in generic.lets], [x.value for x in concrete.lets]
        return (
            matches(generic.items, concrete.items, bound)
            and matches(tuple(lets[0]), tuple(lets[1]), inside)
            and matches(generic.body, concrete.body, inside)
        )
    if isinstance(generic, ir.Composite) and not generic.parameters:
        # What it was given is in its step; a step that it was given is another object.
        same = _key(generic) == _key(concrete) and not concrete.parameters
        return same and matches(generic.step, concrete.step, bound)
    if isinstance(generic, ir.HandlerFunction):
        bound = {**bound, **dict(zip(generic.items, concrete.items, strict=False))}
    if isinstance(generic, ir.Outcome):
        bound = {**bound, **dict(zip(generic.lets, concrete.lets, strict=False))}
        lets = [let.value for let in generic.lets], [x.value for x in concrete.lets]
        return matches(tuple(lets[0]), tuple(lets[1]), bound) and matches(
            generic.step, concrete.step, bound
        )
    if isinstance(generic, (ir.Node, ir.Argument, ir.Exceptions, ir.Function)):
        names = [f.name for f in fields(generic) if f.name != "span"]
        return all(
            matches(getattr(generic, name), getattr(concrete, name), bound)
            for name in names
        )
    return generic is concrete or bool(generic == concrete)


def _same(generic: Expression, concrete: Any, bound: Bound) -> bool:
    match generic, concrete:
        case (Item() | Let()), _:
            target = bound.get(generic, generic)
            if target is concrete:
                return True
            if isinstance(target, Let) and isinstance(concrete, Let):
                return same_variable(target, concrete)
            return _equal(_value(target, {}), _value(concrete, {}))
        case Given(), Given():
            return _equal(generic.value, concrete.value)
        case Computed(), Computed():
            mine, other = generic.source, concrete.source
            return mine.text == other.text and all(
                _same(inner, other.names.get(name), bound)
                for name, inner in mine.names.items()
            )
        case Computed(), Given():
            return _equal(_value(generic, bound), concrete.value)
        case _:
            return False


def _value(expression: Any, bound: Bound) -> object:
    """Return what an expression is if the items in it are known, or _UNKNOWN."""
    given = {item: x.value for item, x in bound.items() if isinstance(x, Given)}
    try:
        return evaluate(expression, given)
    except Exception:
        # An item that is not known, or an expression that fails on its value.
        return _UNKNOWN


def _equal(one: object, other: object) -> bool:
    if one is _UNKNOWN or other is _UNKNOWN or type(one) is not type(other):
        return False
    return one is other or bool(one == other)
