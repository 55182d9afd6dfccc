"""What is known of a workflow's leaves: where they stand, and what may happen there."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from types import FunctionType
from typing import Any, Literal

from transpiler.flow.arguments import placed_names
from transpiler.frontend.callables import Inline, Inner, Reached, find_callable
from transpiler.ir import nodes as ir
from transpiler.ir.errors import Exhausted
from transpiler.ir.expressions import Expression, Given, Item, Let, is_variable
from transpiler.ir.walk import expressions, nodes
from transpiler.verify.run import START

Role = Literal[
    "step", "extract", "transform", "consume", "predicate", "resource", "check"
]

LeafKey = Reached | object
"""What tells leaves apart: where a function is found, or the code of an inner one."""

Error = type[BaseException]


MANY, MOST = 2, 6
"""How many elements many are, and the most that they are where that matters."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A function of the author's that the workflow calls, and what may happen to it.

    `errors` are the types that something around it looks for; `retried` those after
    which it may be called again; `cases` are values that a switch compares what it
    returns with, `elements` those that it compares an element with; `limits` are the
    seconds of the time limits around it. One that is `collected` is called until it is
    exhausted; one that gives `many` elements gives more than may be worked on at once.
    """

    key: LeafKey
    name: str
    fn: Any
    role: Role
    captured: tuple[str, ...] = ()
    errors: tuple[Error, ...] = ()
    retried: tuple[Error, ...] = ()
    cases: tuple[Any, ...] = ()
    elements: tuple[Any, ...] = ()
    limits: tuple[float, ...] = ()
    collected: bool = False
    many: int = MANY

    @property
    def parameters(self) -> tuple[str, ...]:
        """Its parameters, and what it closes over: in the order to tell them in."""
        return (*placed_names(self.fn), *self.captured)


def leaf_key(function: ir.Function) -> LeafKey | None:
    """Return what tells a leaf apart; None for a lambda, which is no leaf."""
    match find_callable(function):
        case Inline():
            return None
        case Inner(fn=fn):
            return fn.__code__
        case reached:
            return reached


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a part of the workflow."""

    role: Role = "step"
    errors: tuple[Error, ...] = ()
    retried: tuple[Error, ...] = ()
    cases: tuple[Any, ...] = ()
    elements: tuple[Any, ...] = ()
    limits: tuple[float, ...] = ()
    collected: bool = False
    many: int = MANY


_ROLES: dict[str, Role] = {
    "predicate": "predicate",
    "predicates": "predicate",
    "extract": "extract",
    "items": "extract",
    "subject": "extract",
    "derive": "extract",
    "resource": "resource",
    "transform": "transform",
    "transforms": "transform",
    "consume": "consume",
    "check": "check",
}

UNKNOWN_LIMITS = (10.0, 60.0)
"""Seconds to try where a time limit is only known in a run."""


def leaves_of(workflow: ir.Workflow) -> dict[LeafKey, Leaf]:
    """Return the leaves of a workflow; one that stands in several places, once."""
    found: dict[LeafKey, Leaf] = {}
    matched = _matched_items(workflow)
    for function, around in _leaves(workflow.step, _Around(), matched):
        key = leaf_key(function)
        if key is None:
            continue
        leaf = _leaf(key, function, around)
        known = found.get(key)
        found[key] = _both(known, leaf) if known else leaf
    return found


def _leaf(key: LeafKey, function: ir.Function, around: _Around) -> Leaf:
    name = function.name
    captured: tuple[str, ...] = ()
    if isinstance(callee := find_callable(function), Inner):
        # The script calls it by the name of its constructor.
        name = callee.constructor
        captured = tuple(name for name, _ in callee.captured)
    given = {f.name: getattr(around, f.name) for f in fields(around)}
    return Leaf(key, name, function.fn, captured=captured, **given)


def _both(one: Leaf, other: Leaf) -> Leaf:
    def joined(name: str) -> tuple[Any, ...]:
        values = (*getattr(one, name), *getattr(other, name))
        return tuple({(type(v).__name__, repr(v)): v for v in values}.values())

    names = ("errors", "retried", "cases", "elements", "limits")
    role = other.role if other.role == "resource" else one.role
    parts: dict[str, Any] = {name: joined(name) for name in names}
    parts["collected"] = one.collected or other.collected
    parts["many"] = max(one.many, other.many)
    return replace(one, role=role, **parts)


def _leaves(
    part: object, around: _Around, matched: Mapping[Item, tuple[Any, ...]]
) -> Iterator[tuple[ir.Function, _Around]]:
    match part:
        case tuple():
            for each in part:
                yield from _leaves(each, around, matched)
        case ir.Call(function=function):
            yield function, around
        case ir.OnlyIf(check=check):
            yield check, replace(around, role="check", cases=(), elements=())
        case ir.Node():
            for each in fields(part):
                inside = _inside(part, each.name, around, matched)
                yield from _leaves(getattr(part, each.name), inside, matched)


def _inside(
    part: ir.Node, name: str, around: _Around, matched: Mapping[Item, tuple[Any, ...]]
) -> _Around:
    """Return what stands around a child of a node."""
    role = around.role if name == "inner" else _ROLES.get(name, "step")
    inside = replace(around, role=role)
    if role != around.role or name not in ("inner", "extract"):
        inside = replace(inside, cases=(), elements=(), collected=False, many=MANY)
    match part, name:
        case ir.Retry(on=on), "step":
            types = _types(on)
            known = replace(inside, errors=_added(around.errors, types))
            return replace(known, retried=_added(around.retried, types))
        case ir.IgnoreError(on=on), "step":
            return replace(inside, errors=_added(around.errors, _types(on)))
        case ir.OnError(handlers=handlers), "step":
            types = tuple(t for handler in handlers for t in _handled(handler))
            return replace(inside, errors=_added(around.errors, types))
        case ir.Collect(), "extract":
            errors = _added(around.errors, (Exhausted,))
            return replace(inside, collected=True, errors=errors)
        case ir.WithTimeout(seconds=limit) | ir.WithDeadline(when=limit), "step":
            return replace(inside, limits=(*around.limits, *_seconds(limit)))
        case ir.Ensure(), "cleanup":
            return replace(inside, limits=())
        case ir.InParallel(limit=Given(value=int(limit))), "providers":
            return replace(inside, many=max(MANY, min(limit + 1, MOST)))
        case ir.Switch(cases=cases), "subject":
            return replace(inside, cases=_values(cases))
        case ir.ForEach(item=item), "items":
            elements = matched.get(item, ())
            return replace(inside, elements=elements, many=around.many)
    return inside


def _types(on: ir.Exceptions) -> tuple[Error, ...]:
    return on.types if isinstance(on.types, tuple) else (on.types,)


def _added(errors: tuple[Error, ...], more: tuple[Error, ...]) -> tuple[Error, ...]:
    return tuple(dict.fromkeys((*errors, *more)))


def _handled(handler: ir.Handler | ir.HandlerFunction) -> Iterator[Error]:
    yield from _types(handler.on)
    if isinstance(handler, ir.HandlerFunction):
        # It looks at the error itself.
        known = {**vars(builtins), **handler.fn.__globals__}
        for name in sorted(handler.reads):
            kind = known.get(name)
            if isinstance(kind, type) and issubclass(kind, Exception):
                yield kind


def _seconds(limit: Expression) -> tuple[float, ...]:
    value = limit.value if isinstance(limit, (Given, Let)) else None
    if isinstance(value, (int, float)) and value > 0:
        return (float(value),)
    return UNKNOWN_LIMITS


def _values(cases: tuple[ir.Case, ...]) -> tuple[Any, ...]:
    return tuple(case.value.value for case in cases if isinstance(case.value, Given))


def _matched_items(workflow: ir.Workflow) -> dict[Item, tuple[Any, ...]]:
    """Return the values that switches compare loop items with."""
    found: dict[Item, tuple[Any, ...]] = {}
    for node in nodes(workflow.step):
        match node:
            case ir.Switch(subject=ir.Value(value=Item() as item), cases=cases):
                found[item] = (*found.get(item, ()), *_values(cases))
    return found


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run takes from its surroundings besides leaves.

    `variables` are those of the environment that it reads; `looped` are the attributes
    of the state that loops are decided by; `begin` is when a run starts, in seconds
    since 1970: before the deadlines that are known.
    """

    variables: tuple[str, ...] = ()
    looped: frozenset[str] = field(default_factory=frozenset)
    begin: float = START


def surroundings_of(workflow: ir.Workflow) -> Surroundings:
    """Return what a workflow takes from its surroundings."""
    looped: set[str] = set()
    for node in nodes(workflow.step):
        if isinstance(node, ir.While):
            for inner in nodes(node.predicate):
                if isinstance(inner, ir.Call):
                    fn = inner.function.fn
                    if (
                        isinstance(fn, FunctionType)
                        and leaf_key(inner.function) is None
                    ):
                        looped |= set(fn.__code__.co_names)
    return Surroundings(_variables(workflow), frozenset(looped), _begin(workflow))


def _begin(workflow: ir.Workflow) -> float:
    moments = []
    for node in nodes(workflow.step):
        if isinstance(node, ir.WithDeadline):
            match node.when:
                case Given(value=when) | Let(value=Given(value=when)):
                    moments.append(when.timestamp() - UNKNOWN_LIMITS[-1])
    return min(moments, default=START)


def _variables(workflow: ir.Workflow) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for each in (*workflow.lets, *expressions(workflow.step)):
        if isinstance(each, Let) and is_variable(each) and each.value.source:
            name = each.value.source.names["name"]
            if isinstance(name, Given):
                found[name.value] = None
    return tuple(found)
