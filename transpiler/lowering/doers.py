"""The functions of a part that do something, by name: what it is called after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from transpiler.ir import nodes as ir

_READING = {"items", "predicate", "derive", "resource", "extract", "transforms"}
_READING |= {"subject", "policies"}


def doers(part: object) -> Iterator[str]:
    """Yield the names of the functions that do something, not of those that read."""
    match part:
        case ir.Call(function=function) | ir.Composite(function=function):
            yield function.name
        case tuple():
            for each in part:
                yield from doers(each)
        case ir.Node():
            for field in fields(part):
                if field.name not in _READING:
                    yield from doers(getattr(part, field.name))
