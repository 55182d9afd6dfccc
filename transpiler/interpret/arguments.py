"""Arguments that a step may change: which of them are made anew for each call."""

from __future__ import annotations

import ast
import copy
from functools import cache
from typing import Any

from transpiler.ir.expressions import Given, parsed


def is_made_anew(argument: Given) -> bool:
    """Return whether each evaluation of an argument makes another object.

    What a module's name stands for is one object, however often it is named; what is
    made by a call is made once per run. All else that can be changed is written out in
    a script where it is used, so each call has one of its own.
    """
    if not is_changeable(argument.value):
        return False
    source = argument.source
    if source is None or source.names:
        return True
    return not source.calls and not _names_something(source.text)


def is_changeable(value: Any) -> bool:
    """Return whether a value, or one in it, is of a kind that can be changed."""
    match value:
        case list() | dict() | set() | bytearray():
            return True
        case tuple():
            return any(map(is_changeable, value))
        case type():
            return False
        case _:
            # Of a dataclass, frozen or not.
            made_by: Any = getattr(type(value), "__dataclass_params__", None)
            return made_by is not None and not made_by.frozen


def copied(value: Any) -> Any:
    """Return a copy of a value; of one that can't be copied, the value itself."""
    try:
        return copy.deepcopy(value)
    except Exception:
        # It holds a lock or the like. A build refuses it, as nothing can be written.
        return value


@cache
def _names_something(text: str) -> bool:
    """Return whether an expression is a name, or an attribute or element of one."""
    node = parsed(text)
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return isinstance(node, ast.Name)
