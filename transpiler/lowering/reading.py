"""What a script makes of a JSON file's values: the types that the state's fields have.

Strings, numbers, lists and what JSON has besides are taken as they are.
"""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import pathlib
import types
import typing
import uuid
from collections.abc import Iterator
from typing import Any

from transpiler.lowering.unit import Unit
from transpiler.script.model import Block, Body, Function, If, Line
from transpiler.script.names import identifier
from transpiler.values import taken_apart, type_hints

ERRORS = ("OSError", "ValueError", "TypeError")
"""What a file that can't be read raises, or one whose values are of no use."""


class Reading:
    """Writes the conversions of one script; `errors` is what they may raise."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.errors = list(ERRORS)
        self.functions: dict[type[Any], str] = {}

    def fields(self, kind: type[Any]) -> tuple[If, ...]:
        """Return the statements that convert the fields in `given`, where they are."""
        return tuple(self._fields(kind))

    def _fields(self, kind: type[Any]) -> Iterator[If]:
        for name, hint in _hints(kind).items():
            value = f'given["{name}"]'
            inner, optional = _without_none(hint)
            made = self._made(inner, value)
            if made == value:
                continue
            test = f'"{name}" in given'
            if optional:
                test = f'given.get("{name}") is not None'
                self._may_raise("AttributeError")
            yield If(test, (Block((Line(f"{value} = {made}"),)),))

    def _made(self, hint: Any, value: str) -> str:
        """Return the expression that converts a value; itself if there is no need."""
        inner, optional = _without_none(hint)
        made = self._converted(inner, value)
        if optional and made != value:
            return f"None if {value} is None else {made}"
        return made

    def _converted(self, hint: Any, value: str) -> str:
        kind, origin, arguments = taken_apart(hint)
        if kind in _SIMPLE:
            module, name, form, error = _SIMPLE[kind]
            self._may_raise(error)
            return form.format(self.unit.need(module, name), value)
        origin = origin or kind
        if origin is tuple and arguments and arguments[-1] is not Ellipsis:
            return (
                f"tuple({value})" if not any(map(self._differs, arguments)) else value
            )
        if origin in _COLLECTIONS:
            return self._collection(origin, arguments, value)
        if origin is dict and len(arguments) == 2:
            made = self._made(arguments[1], "value")
            if made == "value":
                return value
            self._may_raise("AttributeError")
            return f"{{key: {made} for key, value in {value}.items()}}"
        name = self._name(kind)
        if name and issubclass(kind, enum.Enum):
            return f"{name}({value})"
        if name and (dataclasses.is_dataclass(kind) or hasattr(kind, "_fields")):
            return self._object(kind, name, value)
        return value

    def _collection(self, origin: type[Any], arguments: Any, value: str) -> str:
        element = self._made(arguments[0], "item") if arguments else "item"
        word = origin.__name__
        if element == "item":
            return value if origin is list else f"{word}({value})"
        each = f"{element} for item in {value}"
        if origin is list:
            return f"[{each}]"
        return f"{{{each}}}" if origin is set else f"{word}({each})"

    def _object(self, kind: type[Any], name: str, value: str) -> str:
        if kind not in self.functions:
            # It may hold others of its own kind.
            self.functions[kind] = self.unit.fresh(f"read_{identifier(name)}")
            statements = self.fields(kind)
            if not statements:
                self.unit.names.release(self.functions[kind])
                self.functions[kind] = ""
            else:
                self._write(self.functions[kind], name, statements)
        function = self.functions[kind]
        return f"{function}({value})" if function else f"{name}(**{value})"

    def _write(self, function: str, name: str, statements: tuple[If, ...]) -> None:
        given = f"given: dict[str, {self.unit.need('typing', 'Any')}]"
        body: Body = (Block((*statements, Line(f"return {name}(**given)"))),)
        doc = f"Make the {name} that a JSON file describes."
        self.unit.functions.append(Function(function, (given,), doc, body, name))

    def _differs(self, hint: Any) -> bool:
        return self._made(hint, "item") != "item"

    def _name(self, kind: Any) -> str:
        """Return what a class of the author's is called; "" if the script lacks it."""
        if not isinstance(kind, type):
            return ""
        return self.unit.bundle.names.get((kind.__module__, kind.__qualname__), "")

    def _may_raise(self, error: str) -> None:
        if error and error not in self.errors:
            self.errors.append(error)


_COLLECTIONS = (list, tuple, set, frozenset)

_SIMPLE: dict[Any, tuple[str, str, str, str]] = {
    pathlib.Path: ("pathlib", "Path", "{}({})", ""),
    datetime.date: ("datetime", "date", "{}.fromisoformat({})", ""),
    datetime.time: ("datetime", "time", "{}.fromisoformat({})", ""),
    datetime.datetime: ("datetime", "datetime", "{}.fromisoformat({})", ""),
    datetime.timedelta: ("datetime", "timedelta", "{}(seconds={})", ""),
    decimal.Decimal: ("decimal", "Decimal", "{}(str({}))", "ArithmeticError"),
    uuid.UUID: ("uuid", "UUID", "{}({})", "AttributeError"),
}
"""By type: the module and name to import, how to convert, and what that may raise."""


def _hints(kind: type[Any]) -> dict[str, Any]:
    """Return the types of what a class is made of."""
    hints = type_hints(kind)
    if not dataclasses.is_dataclass(kind):
        return hints
    return {f.name: hints[f.name] for f in dataclasses.fields(kind) if f.init}


def _without_none(hint: Any) -> tuple[Any, bool]:
    """Return X and true for `X | None`, else the type as it is."""
    kind, origin, arguments = taken_apart(hint)
    if origin not in (typing.Union, types.UnionType):
        return kind, False
    known = [x for x in arguments if x is not types.NoneType]
    # What is one of several types stays as it is.
    return (known[0] if len(known) == 1 else str), len(known) < len(arguments)
