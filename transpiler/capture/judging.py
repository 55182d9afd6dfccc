"""What an expression of the author's is: a value, or what builds a step."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from types import FunctionType, MethodType
from typing import Any

from transpiler.capture.files import source_file
from transpiler.capture.markers import Built, Leaf
from transpiler.capture.symbols import is_installed, is_ours
from transpiler.ir.expressions import calls

UNKNOWN = object()
"""What a name stands for where that is not known before it runs."""


def is_compound(node: ast.expr) -> bool:
    """Return whether an expression is more than a name or a constant."""
    return not isinstance(node, (ast.Name, ast.Constant, ast.Starred, ast.Lambda))


def is_display(node: ast.expr) -> bool:
    """Return whether an expression is a display of a container."""
    return isinstance(node, (ast.List, ast.Tuple, ast.Dict, ast.Set))


def is_plain(node: ast.expr) -> bool:
    """Whether an expression can't have a step as its value, nor hold one."""
    match node:
        case ast.JoinedStr() | ast.Compare():
            return True
        case ast.BinOp(left=left, right=right):
            return any(
                isinstance(x, (ast.Constant, ast.JoinedStr)) for x in (left, right)
            )
        case _:
            return False


def is_of_flow(value: object) -> bool:
    """Return whether a value is one of flow's own."""
    names = (getattr(value, "__module__", None), type(value).__module__)
    return any(is_ours({"__name__": name or ""}) for name in names)


def builds(callee: object) -> bool | None:
    """Whether calling this builds a step: yes, no, or None where it can't be told."""
    if callee is UNKNOWN:
        return None
    if is_of_flow(callee) or callee is partial:
        return True
    while isinstance(callee, (MethodType, partial)):
        callee = callee.func if isinstance(callee, partial) else callee.__func__
    if is_of_flow(callee) or isinstance(callee, Leaf):
        return True
    if not isinstance(callee, FunctionType) or not is_authors(callee):
        return False
    annotation = callee.__annotations__.get("return", UNKNOWN)
    if annotation is UNKNOWN:
        return None
    text = annotation if isinstance(annotation, str) else repr(annotation)
    return any(kind in text for kind in _KINDS)


# A function that takes a state serves as a step.
_KINDS = (
    "Callable",
    "Step",
    "Extract",
    "Transform",
    "Consume",
    "Predicate",
    "Provider",
    "Policy",
)


def is_authors(fn: FunctionType) -> bool:
    path = fn.__code__.co_filename
    installed = is_installed(path) or is_ours(fn.__globals__)
    return not installed and source_file(path) is not None


def holds_built(value: object) -> bool:
    """Return whether a value is a part of a workflow, or a container of some."""
    match value:
        case Built() | Leaf():
            return True
        case list() | tuple():
            return any(map(holds_built, value))
        case dict():
            return any(map(holds_built, value.values()))
        case _:
            return callable(value)


def is_late(node: ast.expr, resolve: Callable[[ast.expr], Any]) -> bool:
    """Whether an expression calls anything but what makes a duration.

    That is the same whenever it is evaluated.
    """
    made = (part for part in ast.walk(node) if isinstance(part, ast.Call))
    return calls(node) and any(resolve(call.func) is not timedelta for call in made)
