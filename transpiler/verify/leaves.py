"""What is known of a workflow's leaves: where they stand, and what may happen there."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from transpiler.flow.arguments import placed_names
from transpiler.frontend.callables import Inline, Inner, Reached, find_callable
from transpiler.interpret import MOST_BRANCHES
from transpiler.ir import nodes as ir
from transpiler.ir.errors import Exhausted
from transpiler.ir.expressions import Expression, Given, Item, Let
from transpiler.ir.walk import nodes
from transpiler.verify.errors import InjectedError
from transpiler.verify.looks import looks_of

Role = Literal[
    "step", "extract", "transform", "consume", "predicate", "resource", "check"
]

LeafKey = Reached | object
"""What tells leaves apart: where a function is found, or the code of an inner one."""

Error = type[BaseException]


MANY, MOST, GREATEST = 2, 6, 200
"""How many elements many are, and the most that they are where that matters: where all
that may happen to them is gone through, and where nothing but their number counts."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A function of the author's that the workflow calls, and what may happen to it.

    `errors` are the types that something around it looks for; `retried` those after
    which it may be called again; `cases` are values that a switch compares what it
    returns with, `elements` those that it compares an element with; `limits` are the
    seconds of the time limits around it, `beside` those of a limit that it is not in.
    One that is `collected` is called until it is exhausted; one that gives `many`
    elements gives more than may be worked on at once, or, if those are very many, a
    `crowd`. In the words of an error of a type there may be some that an expression
    around it looks for: they are `spoken`. A script that was `edited` may catch others,
    and do something else with what is returned.
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
    beside: tuple[float, ...] = ()
    collected: bool = False
    many: int = MANY
    crowd: int = 0
    spoken: tuple[tuple[Error, str], ...] = ()
    edited: bool = False
    caught: tuple[Error, ...] = ()

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
    crowd: int = 0
    spoken: tuple[tuple[Error, str], ...] = ()


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
    limits = _limits(workflow)
    return {key: _beside(leaf, limits) for key, leaf in found.items()}


def _limits(workflow: ir.Workflow) -> list[float]:
    found: dict[float, None] = {}
    for node in nodes(workflow.step):
        if isinstance(node, ir.WithTimeout):
            found.update(dict.fromkeys(_seconds(node.seconds)))
    return list(found)


def _beside(leaf: Leaf, limits: list[float]) -> Leaf:
    """Let a leaf take as long as a limit that it is not in, so that one would show
    which begins too early."""
    soonest = min(leaf.limits, default=max(limits, default=0) + 1)
    others = [limit for limit in limits if limit < soonest]
    return replace(leaf, beside=(max(others),)) if others else leaf


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

    names = ("errors", "retried", "cases", "elements", "limits", "spoken")
    role = other.role if other.role == "resource" else one.role
    parts: dict[str, Any] = {name: joined(name) for name in names}
    parts["collected"] = one.collected or other.collected
    parts["many"] = max(one.many, other.many)
    parts["crowd"] = max(one.crowd, other.crowd)
    return replace(one, role=role, **parts)


def _leaves(
    part: object, around: _Around, matched: Mapping[Item, tuple[Any, ...]]
) -> Iterator[tuple[ir.Function, _Around]]:
    match part:
        case tuple():
            for each in part:
                yield from _leaves(each, around, matched)
        case ir.Call(function=function):
            yield from _functions(function, around)
        case ir.OnlyIf(check=check):
            inside = replace(around, role="check", cases=(), elements=())
            yield from _functions(check, inside)
        case ir.Node():
            if isinstance(part, ir.HandlerFunction):
                yield from _functions(part, around)
            for each in fields(part):
                inside = _inside(part, each.name, around, matched)
                yield from _leaves(getattr(part, each.name), inside, matched)


def _functions(
    function: ir.Function | ir.HandlerFunction, around: _Around
) -> Iterator[tuple[ir.Function, _Around]]:
    """Yield a function, or instead of an expression the leaves that it calls."""
    looks = looks_of(function)
    if looks is None:
        assert isinstance(function, ir.Function)
        yield function, around
        return
    for leaf in looks.leaves:
        role: Any = type(leaf).kind.__name__.lower()
        yield ir.Function(leaf.__wrapped__, leaf.__name__), replace(around, role=role)


def _inside(
    part: ir.Node, name: str, around: _Around, matched: Mapping[Item, tuple[Any, ...]]
) -> _Around:
    """Return what stands around a child of a node."""
    role = around.role if name == "inner" else _ROLES.get(name, "step")
    inside = replace(around, role=role)
    if role != around.role or name not in ("inner", "extract"):
        inside = replace(inside, cases=(), elements=(), collected=False)
        inside = replace(inside, many=MANY, crowd=0)
    match part, name:
        case ir.Retry(on=on, policies=policies), "step":
            types = _types(on)
            known = _catching(inside, types)
            spoken = tuple(pair for p in policies for pair in _spoken(p, types))
            known = replace(known, spoken=(*around.spoken, *spoken))
            return replace(known, retried=_added(around.retried, types))
        case ir.IgnoreError(on=on), "step":
            return _catching(inside, _types(on))
        case ir.OnError(handlers=handlers), "step":
            types = tuple(t for handler in handlers for t in _handled(handler))
            spoken = tuple(pair for h in handlers for pair in _spoken(h, types))
            known = replace(inside, spoken=(*around.spoken, *spoken))
            return _catching(known, types)
        case ir.Collect(), "extract":
            errors = _added(around.errors, (Exhausted,))
            return replace(inside, collected=True, errors=errors)
        case ir.WithTimeout(seconds=limit) | ir.WithDeadline(when=limit), "step":
            return replace(inside, limits=(*around.limits, *_seconds(limit)))
        case ir.Ensure(), "cleanup":
            return replace(inside, limits=())
        case ir.InParallel(), "providers":
            many, crowd = many_of(part)
            return replace(inside, many=many, crowd=crowd)
        case ir.Switch(cases=cases), "subject":
            return replace(inside, cases=_values(cases))
        case ir.ForEach(item=item), "items":
            elements = matched.get(item, ())
            inside = replace(inside, many=around.many, crowd=around.crowd)
            return replace(inside, elements=elements)
    return inside


def many_of(node: ir.Node) -> tuple[int, int]:
    """Return how many elements matter: more than a block works on at once.

    The second number is another, if those are too many to see all that may happen.
    """
    match node:
        case ir.InParallel(limit=Given(value=int(limit))) if limit < MOST:
            return max(MANY, limit + 1), 0
        case ir.InParallel(limit=None):
            return MANY, MOST_BRANCHES + 1
        case ir.InParallel(limit=Given(value=int(limit))) if limit < GREATEST:
            return MOST, limit + 1
        case _:
            return MANY, 0


def _catching(around: _Around, types: tuple[Error, ...]) -> _Around:
    """Return what stands around the inside of something that catches errors.

    Of errors that are nearly such ones it has to be seen that they are not caught.
    """
    bases = (base for kind in types for base in kind.__bases__)
    nearly = (b for b in bases if issubclass(b, Exception) and b is not Exception)
    return replace(around, errors=_added(around.errors, (*types, *nearly)))


def _spoken(
    decides: ir.Policy | ir.Handler | ir.HandlerFunction, types: tuple[Error, ...]
) -> Iterator[tuple[Error, str]]:
    """Yield errors whose words matter to what decides about them."""
    match decides:
        case ir.OnlyIf(check=function):
            looks = looks_of(function)
        case ir.HandlerFunction():
            looks = looks_of(decides)
        case _:
            return
    for word in looks.words if looks else ():
        for kind in types:
            yield InjectedError if kind is Exception else kind, word


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
