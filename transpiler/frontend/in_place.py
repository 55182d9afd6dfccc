"""Calls that may stay where they are written: `timedelta(hours=1)`, `range(9)`.

An argument that contains a call is evaluated once, when a run starts. Nobody can tell
whether it is, though, if the call makes the same of the same each time, of what nothing
changes, and nothing can change what it made. A person would not give that a variable.
"""

from __future__ import annotations

import ast
import dataclasses
import datetime
import decimal
import enum
import fractions
import ipaddress
import pathlib
import re
import sys
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from transpiler.capture.files import source_file
from transpiler.capture.settled import looked_up
from transpiler.ir.expressions import (
    Computed,
    Expression,
    Given,
    Source,
    evaluate,
    parsed,
)

_SIMPLE = (bool, int, float, complex, str, bytes, type(None), range)
_FIXED = (
    *(datetime.date, datetime.datetime, datetime.time, datetime.timedelta),
    *(datetime.timezone, decimal.Decimal, fractions.Fraction, uuid.UUID),
    *(pathlib.PurePath, pathlib.PurePosixPath, pathlib.PureWindowsPath),
    *(pathlib.Path, pathlib.PosixPath, pathlib.WindowsPath, re.Pattern),
    *(ipaddress.IPv4Address, ipaddress.IPv4Network, ipaddress.IPv4Interface),
    *(ipaddress.IPv6Address, ipaddress.IPv6Network, ipaddress.IPv6Interface),
)
_MAKING = (
    *(bool, int, float, complex, str, bytes, tuple, frozenset, range, list, set, dict),
    *(abs, divmod, len, max, min, pow, round, sorted, sum, reversed, zip, enumerate),
    *_FIXED,
    *(datetime.date.fromisoformat, datetime.datetime.fromisoformat),
    *(datetime.time.fromisoformat, re.compile),
    *(ipaddress.ip_address, ipaddress.ip_network, ipaddress.ip_interface),
)
"""What makes the same of the same, reads nothing else, and changes nothing."""


def stays(expression: Expression) -> bool:
    """Whether an argument with a call may be evaluated wherever it is used."""
    return (
        isinstance(expression, Given)
        and expression.source is not None
        and is_fixed(expression.value)
        and _is_pure(expression.source, expression.value)
    )


def stays_as_items(expression: Expression) -> bool:
    """Whether what a loop runs over may be made where the loop begins.

    Nothing but the loop has the list that `sorted(NAMES)` makes there. A comprehension
    is better read on a line of its own.
    """
    match expression:
        case Given(list() as items, source) if source is not None:
            call = isinstance(parsed(source.text), ast.Call)
            return call and all(map(is_fixed, items)) and _is_pure(source, items)
        case _:
            return stays(expression)


def is_fixed(value: Any) -> bool:
    """Whether nothing can change a value, and an equal one is as good."""
    kind = type(value)
    if kind in _SIMPLE or kind in _FIXED or isinstance(value, enum.Enum):
        return True
    if kind is tuple or kind is frozenset or _is_record(kind):
        return all(map(is_fixed, value))
    if not _is_plain_dataclass(kind):
        return False
    return all(is_fixed(getattr(value, each.name)) for each in dataclasses.fields(kind))


def _is_operand(value: Any) -> bool:
    return is_fixed(value) and not isinstance(value, decimal.Decimal)


def _is_record(kind: type[Any]) -> bool:
    """Whether a class is a NamedTuple."""
    return kind.__bases__ == (tuple,) and hasattr(kind, "_fields")


def _is_plain_dataclass(kind: type[Any]) -> bool:
    """Whether a class is a frozen dataclass that does nothing when it is made."""
    parameters = getattr(kind, "__dataclass_params__", None)
    if parameters is None or not (parameters.frozen and parameters.eq):
        return False
    made = getattr(kind.__init__, "__code__", None)
    fields: tuple[dataclasses.Field[Any], ...] = dataclasses.fields(kind)
    return (
        type(kind) is type
        and not any("__new__" in vars(base) for base in kind.__mro__[:-1])
        # Its __init__ is the one that dataclasses write.
        and getattr(made, "co_filename", "") == "<string>"
        and not hasattr(kind, "__post_init__")
        and all(each.default_factory is dataclasses.MISSING for each in fields)
    )


def _is_pure(source: Source, value: Any) -> bool:
    if not source.calls or "__name__" not in source.globals:
        return False
    tree = parsed(source.text)
    reading = _Reading(source.span.path, source.globals, source.names, tree)
    if not reading.is_pure(tree):
        return False
    again = evaluate(Computed(source), {})
    return type(again) is type(value) and bool(again == value)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A file of the author's, the names of its module, and those around a call."""

    path: str
    globals: Mapping[str, Any]
    names: Mapping[str, Expression]
    whole: ast.expr

    def is_pure(self, node: ast.AST, bound: frozenset[str] = frozenset()) -> bool:
        """Whether evaluating a part of an expression is the same each time."""
        match node:
            case ast.Call(func=function, args=args, keywords=keywords):
                made = looked_up(function, self.globals, bound | self.names.keys())
                if made is decimal.Decimal and node is not self.whole:
                    # What is calculated with it depends on the context.
                    return False
                if not _makes_the_same(made):
                    return False
                return all(self.is_pure(x, bound) for x in (*args, *keywords))
            case ast.Name(id=name) if name not in bound:
                return self.is_fixed_name(name)
            case ast.Attribute():
                return self.is_fixed_attribute(node, bound)
            case ast.Lambda() | ast.NamedExpr() | ast.Await():
                return False
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                bound |= {
                    each.id
                    for loop in node.generators
                    for each in ast.walk(loop.target)
                    if isinstance(each, ast.Name)
                }
        return all(self.is_pure(x, bound) for x in ast.iter_child_nodes(node))

    def is_fixed_name(self, name: str) -> bool:
        """Whether a name always stands for the same, which nothing changes."""
        if name in self.names:
            inner = self.names[name]
            return isinstance(inner, Given) and _is_operand(inner.value)
        if name not in self.globals or not _is_operand(self.globals[name]):
            return False
        return _is_constant(self.path, name)

    def is_fixed_attribute(self, node: ast.Attribute, bound: frozenset[str]) -> bool:
        """Whether `Role.ADMIN`, `timezone.utc` or `limits.HOURS` is always the same."""
        holder = looked_up(node.value, self.globals, bound | self.names.keys())
        value = getattr(holder, node.attr, None)
        if isinstance(holder, ModuleType):
            path = getattr(holder, "__file__", None) or ""
            theirs = holder.__name__.partition(".")[0] in sys.stdlib_module_names
            return is_fixed(value) and (theirs or _is_constant(path, node.attr))
        if isinstance(holder, type):
            return isinstance(value, enum.Enum) or (
                holder in _FIXED and is_fixed(value)
            )
        return False


def _is_constant(path: str, name: str) -> bool:
    """Whether a module binds a name once, by an assignment of its own."""
    file = source_file(path) if path else None
    return file is not None and name in file.constants and name in file.values


def _makes_the_same(function: Callable[..., Any] | None) -> bool:
    if any(function == known for known in _MAKING):
        return True
    if not isinstance(function, type):
        return False
    return (
        issubclass(function, enum.Enum)
        or _is_record(function)
        or _is_plain_dataclass(function)
    )
