"""What values are called that flow from function to function, and of which type."""

from __future__ import annotations

import inspect
import re
from typing import Any

from transpiler.frontend.callables import (
    parameter_annotation,
    return_annotation,
)
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given
from transpiler.lowering.doers import doers
from transpiler.script.names import identifier, plural, singular


def element_words(node: Any) -> str:
    """Return how a plan speaks of each element that a transform or consume gets."""
    name = received_name(node)
    if not name:
        return "list"
    return f"list of {name}" if _is_list(node) else name


def received_name(node: Any) -> str:
    """Return the name of the parameter that receives a value; "" if none tells it."""
    match node:
        case ir.Call(function=function):
            parameters = list(inspect.signature(function.fn).parameters)
            return parameters[1] if len(parameters) > 1 else ""
        case ir.Named(inner=inner):
            return received_name(inner)
        case ir.Render(transform=inner) | ir.Apply(consume=inner):
            name = received_name(inner)
            return plural(name) if name and not _is_list(inner) else ""
        case ir.Chain(transforms=(first, *_)) | ir.Feed(transforms=(first, *_)):
            return received_name(first)
        case ir.Feed(consume=consume):
            return received_name(consume)
        case _:
            return ""


def _is_list(node: Any) -> bool:
    """Whether what receives a value takes it apart, so that it is a list itself."""
    match node:
        case ir.Render() | ir.Apply():
            return True
        case ir.Named(inner=inner):
            return _is_list(inner)
        case ir.Chain(transforms=(first, *_)) | ir.Feed(transforms=(first, *_)):
            return _is_list(first)
        case ir.Feed(consume=consume):
            return _is_list(consume)
        case _:
            return False


def makes_list(node: ir.Transform) -> bool:
    """Whether a transform makes a list, by a loop of its own."""
    match node:
        case ir.Render() | ir.Flatten():
            return True
        case ir.Named(inner=inner):
            return makes_list(inner)
        case ir.Chain(transforms=(*_, last)):
            return makes_list(last)
        case _:
            return False


_VERBS = frozenset(
    ("active", "all", "build", "collect", "compute", "create", "derive", "discover")
    + ("fetch", "find", "get", "list", "load", "make", "next", "open", "parse", "pick")
    + ("query", "read", "select", "take")
)


def value_name(node: Any) -> str:
    """Return the name of what a function makes: `servers` of `list_servers`."""
    match node:
        case ir.Call(function=function):
            verb, _, noun = function.name.lstrip("_").partition("_")
            return noun if verb in _VERBS and noun.isidentifier() else ""
        case ir.Named(inner=inner):
            return value_name(inner)
        case ir.Collect(extract=inner) | ir.Render(transform=inner):
            name = value_name(inner)
            return plural(name) if name else ""
        case ir.From(transforms=(*_, last)) | ir.Chain(transforms=(*_, last)):
            return value_name(last)
        case ir.From(extract=extract):
            return value_name(extract)
        case _:
            return ""


def names_between(
    parts: tuple[Any, ...], source: Any, last: str = "value"
) -> tuple[str, ...]:
    """Return what each part of a series is given, by the names of those that get it.

    `source` makes what the first gets; `last` is what the last one makes, or gets if
    nothing tells.
    """
    names: list[str] = []
    after = last
    for part, maker in reversed(list(zip(parts, (source, *parts), strict=False))):
        after = received_name(part) or value_name(maker) or _synthetic(part, after)
        names.insert(0, after)
    return tuple(names)


def _synthetic(node: Any, after: str) -> str:
    match node:
        case ir.Flatten():
            return f"nested_{after}"
        case ir.Named(inner=inner):
            return _synthetic(inner, after)
        case ir.Render(transform=inner) | ir.Apply(consume=inner) if _is_list(inner):
            element = received_name(inner) or _synthetic(inner, singular(after))
            return f"nested_{element}"
        case ir.Chain(transforms=(first, *_)) | ir.Feed(transforms=(first, *_)):
            return received_name(first) or _synthetic(first, after)
        case ir.Feed(consume=consume):
            return received_name(consume) or _synthetic(consume, after)
        case _:
            return after


def table_name(node: ir.ForEach) -> str:
    """Return what the constant is called that a loop runs over: `TABLES`, `USERS`."""
    parts = node.parts or (node.item,)
    found = doers(node.body)
    verb, _, noun = next(found, "").lstrip("_").partition("_")
    if parts[1:] and noun.isidentifier() and next(found, None) is None:
        return identifier(plural(noun)).upper()
    if len(parts) > 2:
        return f"{identifier(verb)}_arguments".upper() if verb else "ROWS"
    return "_and_".join(plural(identifier(part.name)) for part in parts).upper()


def element_name(node: Any, elements: str) -> str:
    """Return what an element of a list is called that a transform or consume gets."""
    if elements.startswith("nested_"):
        return received_name(node) or elements.removeprefix("nested_")
    return received_name(node) or singular(elements)


# Types, as texts: those of two values are alike if their texts are.


def made_kind(node: Any, given: str = "") -> str:
    """Return the type of what a node makes, as its authors annotated it, or "".

    `given` is the type of what it is made of.
    """
    match node:
        case ir.Call(function=function) if function.name != "<lambda>":
            found = return_annotation(function.fn)
            return " ".join(found.text.split()) if found is not None else ""
        case ir.Value(value=Given(value=str() | int() | float() | bytes() as value)):
            return type(value).__name__
        case ir.Named(inner=inner):
            return made_kind(inner, given)
        case ir.From(extract=extract, transforms=transforms):
            return _made_by_all(transforms, made_kind(extract))
        case ir.Chain(transforms=transforms):
            return _made_by_all(transforms, given)
        case ir.Collect(extract=inner):
            return _listed(made_kind(inner))
        case ir.Render(transform=inner):
            return _listed(made_kind(inner, element_kind(given)))
        case ir.Flatten():
            return _listed(element_kind(element_kind(given)))
        case _:
            return ""


def _made_by_all(transforms: tuple[ir.Transform, ...], given: str) -> str:
    for transform in transforms:
        given = made_kind(transform, given)
    return given


def _listed(kind: str) -> str:
    return f"list[{kind}]" if kind else ""


def received_kind(node: Any) -> str:
    """Return the type of the parameter that receives a value, or ""."""
    match node:
        case ir.Call(function=function) if function.name != "<lambda>":
            found = parameter_annotation(function.fn, received_name(node))
            return " ".join(found.text.split()) if found is not None else ""
        case ir.Named(inner=inner):
            return received_kind(inner)
        case _:
            return ""


def element_kind(kind: str) -> str:
    """Return the type of a list's elements.

    >>> element_kind("list[tuple[str, int]]"), element_kind("Fleet")
    ('tuple[str, int]', '')
    """
    sequences = "list|set|frozenset|Iterable|Iterator|Sequence|Collection"
    match = re.fullmatch(rf"(?:\w+\.)?(?:{sequences})\[(.*)\]", kind)
    return match[1] if match else ""
