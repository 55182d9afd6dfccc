"""Walk and rebuild workflows without knowing every kind of node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any, TypeVar

from transpiler.ir.expressions import Computed, Expression, Given, Item, Let, Source
from transpiler.ir.nodes import Argument, Exceptions, Function, Node, Workflow

T = TypeVar("T")

_PARTS = (Node, Argument, Exceptions, Function, Workflow)


_EXPRESSIONS = frozenset((Given, Item, Let, Computed))


_known_fields: dict[type[Any], tuple[str, ...]] = {}


def _fields(kind: type[Any]) -> tuple[str, ...]:
    if kind not in _known_fields:
        names = (field.name for field in fields(kind))
        _known_fields[kind] = tuple(n for n in names if n not in ("span", "fn"))
    return _known_fields[kind]


def children(part: object) -> Iterator[Any]:
    """Yield what a part is directly made of, in program order."""
    match part:
        case tuple():
            yield from part
        case _ if isinstance(part, _PARTS):
            for name in _fields(type(part)):
                yield getattr(part, name)


def walk(part: object) -> Iterator[Any]:
    """Yield every node, function, argument and expression below a part, top down.

    In program order, the part itself first. Expressions are not looked into.
    """
    waiting: list[Any] = [part]
    while waiting:
        found = waiting.pop()
        kind = type(found)
        if kind is tuple:
            waiting += reversed(found)
        elif kind in _EXPRESSIONS:
            yield found
        elif issubclass(kind, _PARTS):
            yield found
            waiting += [getattr(found, name) for name in reversed(_fields(kind))]


def nodes(part: object) -> Iterator[Node]:
    """Yield every node below a part, top down, the part itself first."""
    return (found for found in walk(part) if isinstance(found, Node))


def expressions(part: object) -> Iterator[Expression]:
    """Yield every expression below a part, in program order."""
    return (found for found in walk(part) if type(found) in _EXPRESSIONS)


def map_expressions(part: T, change: Callable[[Expression, str], Expression]) -> T:
    """Return a part with every expression changed; what stays the same is shared.

    `change` gets an expression and the name of what it is for, such as a parameter's.
    """
    result: T = _map(part, change, "value")
    return result


def _map(part: Any, change: Callable[[Expression, str], Expression], name: str) -> Any:
    match part:
        case Given() | Item() | Let() | Computed():
            return change(part, name)
        case (str(), Given() | Item() | Let() | Computed()):
            # A name and its value, as of a closure or a constructor's arguments.
            value = change(part[1], part[0])
            return part if value is part[1] else (part[0], value)
        case Argument(value, keyword, parameter):
            new = change(value, parameter)
            return part if new is value else Argument(new, keyword, parameter)
        case tuple():
            changed = tuple(_map(child, change, name) for child in part)
            same = all(x is y for x, y in zip(changed, part, strict=True))
            return part if same else changed
        case _ if isinstance(part, _PARTS):
            updates = {}
            for field in _fields(type(part)):
                old = getattr(part, field)
                new = _map(old, change, field)
                if new is not old:
                    updates[field] = new
            return replace(part, **updates) if updates else part
        case _:
            return part


def map_source(
    expression: Expression, change: Callable[[Expression, str], Expression]
) -> Expression:
    """Return an expression over items with what its names stand for changed."""
    match expression:
        case Computed(source):
            names = {name: change(x, name) for name, x in source.names.items()}
            if all(names[name] is x for name, x in source.names.items()):
                return expression
            return Computed(Source(source.text, source.globals, names, source.span))
        case _:
            return expression


def map_nodes(part: T, change: Callable[[Node], Node]) -> T:
    """Return a part with every node changed, top down; what is the same is shared.

    What `change` returns is looked into only if it is the node that it was given.
    """
    result: T = _map_nodes(part, change)
    return result


def _map_nodes(part: Any, change: Callable[[Node], Node]) -> Any:
    if isinstance(part, Node):
        changed = change(part)
        if changed is not part:
            return changed
    if isinstance(part, tuple):
        children = tuple(_map_nodes(child, change) for child in part)
        same = all(x is y for x, y in zip(children, part, strict=True))
        return part if same else children
    if not isinstance(part, (Node, Workflow)):
        return part
    updates = {}
    for field in _fields(type(part)):
        old = getattr(part, field)
        new = _map_nodes(old, change)
        if new is not old:
            updates[field] = new
    return replace(part, **updates) if updates else part
