"""Values that stand for what a leaf would have returned, made from types alone.

Each is made from a label that says where it comes from, so that a value which went the
wrong way is seen as such.
"""

from __future__ import annotations

import collections.abc
import dataclasses
import datetime
import decimal
import enum
import fractions
import functools
import inspect
import pathlib
import types
import typing
import uuid
import zlib
from collections.abc import Callable, Hashable, Iterator
from typing import Any

DEEPEST = 4
"""So many levels of dataclasses inside each other are made; what is below is opaque."""


class Opaque:
    """A value of which nothing is known but where it comes from.

    Whatever is asked of it is another one: `<connect()>.name` and so on.
    """

    def __init__(self, label: str, size: int = 2) -> None:
        vars(self).update(_label=label, _size=size)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = vars(self)[name] = Opaque(f"{self._label}.{name}")
        return made

    def __call__(self, *args: object, **keywords: object) -> Opaque:
        given = [repr(x) for x in args] + [f"{k}={v!r}" for k, v in keywords.items()]
        return Opaque(f"{self._label}({', '.join(given)})")

    def __getitem__(self, key: object) -> Opaque:
        return Opaque(f"{self._label}[{key!r}]")

    def __setitem__(self, key: object, value: object) -> None:
        """Nothing is kept."""

    def __iter__(self) -> Iterator[Opaque]:
        return (Opaque(f"{self._label}[{index}]") for index in range(self._size))

    def __len__(self) -> int:
        return int(self._size)

    def __contains__(self, value: object) -> bool:
        return False

    def __bool__(self) -> bool:
        return bool(self._size)

    def __str__(self) -> str:
        return str(self._label)

    def __repr__(self) -> str:
        return f"<{self._label}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and str(other) == str(self)

    def __hash__(self) -> int:
        return hash(str(self))

    def __lt__(self, other: object) -> bool:
        return str(self) < str(other)

    def __gt__(self, other: object) -> bool:
        return str(self) > str(other)

    def __int__(self) -> int:
        return number(str(self))

    def __float__(self) -> float:
        return float(number(str(self)))

    def __index__(self) -> int:
        return number(str(self))

    def __fspath__(self) -> str:
        return str(self)

    def __enter__(self) -> Opaque:
        return Opaque(f"{self._label} as entered")

    def __exit__(self, *_: object) -> None:
        """Let what happened inside pass."""

    def _operated(self, sign: str, other: object) -> Opaque:
        return Opaque(f"({self._label} {sign} {other!r})")

    def __add__(self, other: object) -> Opaque:
        return self._operated("+", other)

    def __radd__(self, other: object) -> Opaque:
        return self._operated("radd", other)

    def __sub__(self, other: object) -> Opaque:
        return self._operated("-", other)

    def __mul__(self, other: object) -> Opaque:
        return self._operated("*", other)

    def __truediv__(self, other: object) -> Opaque:
        return self._operated("/", other)


def number(label: str) -> int:
    """Return a number for a label, the same one always."""
    return zlib.crc32(label.encode("utf-8", "surrogateescape")) % 90 + 10


_PLAIN: dict[Any, Callable[[str], Any]] = {
    str: str,
    int: number,
    bool: lambda label: False,
    float: lambda label: number(label) + 0.5,
    complex: lambda label: complex(number(label)),
    bytes: str.encode,
    bytearray: lambda label: bytearray(label, "utf-8"),
    pathlib.Path: pathlib.Path,
    pathlib.PurePath: pathlib.PurePath,
    datetime.datetime: lambda label: datetime.datetime(
        2026, 1, 1, 12, number(label) % 60, tzinfo=datetime.UTC
    ),
    datetime.date: lambda label: datetime.date(2026, 1, number(label) % 28 + 1),
    datetime.time: lambda label: datetime.time(12, number(label) % 60),
    datetime.timedelta: lambda label: datetime.timedelta(seconds=number(label)),
    decimal.Decimal: lambda label: decimal.Decimal(number(label)),
    fractions.Fraction: lambda label: fractions.Fraction(number(label), 7),
    uuid.UUID: lambda label: uuid.UUID(int=number(label)),
    type(None): lambda label: None,
    None: lambda label: None,
}

_SETS = (set, frozenset, collections.abc.Set, collections.abc.MutableSet)
_MAPPINGS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
_SERIES = (
    list,
    collections.abc.Sequence,
    collections.abc.MutableSequence,
    collections.abc.Iterable,
    collections.abc.Collection,
    collections.abc.Iterator,
    collections.abc.Generator,
)


def is_series(kind: Any) -> bool:
    """Return whether values of a type have elements, so that how many may differ."""
    kind = plain_kind(kind)
    origin = typing.get_origin(kind) or kind
    if kind is tuple or origin is tuple:
        arguments = typing.get_args(kind)
        return not arguments or arguments[-1:] == (Ellipsis,)
    return origin in (*_SETS, *_MAPPINGS, *_SERIES)


def is_optional(kind: Any) -> bool:
    """Return whether a value of a type may be None."""
    return type(None) in _members(plain_kind(kind))


def sample(kind: Any, label: str, size: int = 2, depth: int = DEEPEST) -> Any:
    """Return a value of a type; a series has `size` elements.

    What can't be made without running code of the author's, or not at all, is opaque.
    """
    kind = plain_kind(kind)
    try:
        if kind in _PLAIN:
            return _PLAIN[kind](label)
    except TypeError:  # An annotation that can't be hashed is none that is known.
        return Opaque(label, size)
    members = [member for member in _members(kind) if member is not type(None)]
    if members:
        return sample(members[0], label, size, depth)
    if is_series(kind):
        return _series(kind, label, size, depth)
    if typing.get_origin(kind) is typing.Literal:
        return typing.get_args(kind)[0]
    if typing.get_origin(kind) is tuple:
        parts = enumerate(typing.get_args(kind))
        return tuple(sample(k, f"{label}[{i}]", size, depth) for i, k in parts)
    kind = typing.get_origin(kind) or kind
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return next(iter(kind), None)
    if depth > 0 and _is_record(kind):
        made = _record(kind, label, depth)
        return Opaque(label, size) if made is None else made
    return Opaque(label, size)


def plain_kind(kind: Any) -> Any:
    """Return the type that an annotation speaks of."""
    while True:
        if typing.get_origin(kind) is typing.Annotated:
            kind = typing.get_args(kind)[0]
        elif isinstance(kind, typing.NewType):
            kind = kind.__supertype__
        elif type(kind).__name__ == "TypeAliasType":
            kind = kind.__value__
        else:
            return kind


def _members(kind: Any) -> tuple[Any, ...]:
    union = typing.get_origin(kind) in (typing.Union, types.UnionType)
    return typing.get_args(kind) if union else ()


def _series(kind: Any, label: str, size: int, depth: int) -> Any:
    origin = typing.get_origin(kind) or kind
    arguments = typing.get_args(kind) or (Any, Any)
    if origin in _MAPPINGS:
        keys = (sample(arguments[0], f"{label} key {n}", 2, depth) for n in range(size))
        return {key: sample(arguments[-1], f"{label}[{key}]", 2, depth) for key in keys}
    elements = [sample(arguments[0], f"{label}[{n}]", 2, depth) for n in range(size)]
    if origin is tuple:
        return tuple(elements)
    if origin in _SETS:
        return frozenset(elements) if origin is frozenset else set(elements)
    if origin in (collections.abc.Iterator, collections.abc.Generator):
        return iter(elements)
    return elements


def _is_record(kind: Any) -> bool:
    return (
        dataclasses.is_dataclass(kind)
        or typing.is_typeddict(kind)
        or (isinstance(kind, type) and issubclass(kind, tuple))
    )


@functools.cache
def hints_of(fn: Hashable) -> dict[str, Any]:
    """Return the annotations of a function or class; what can't be told is missing."""
    try:
        known: Any = fn
        return typing.get_type_hints(known)
    except Exception:
        # A name that only type checkers know, or an annotation that is no type.
        return {}


@functools.cache
def _parameters(kind: Any) -> tuple[str, ...]:
    """Return the names of what a class is made from."""
    parameters = inspect.signature(kind).parameters.values()
    kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return tuple(p.name for p in parameters if p.kind in kinds)


def _record(kind: Any, label: str, depth: int) -> Any:
    hints = hints_of(kind)
    if typing.is_typeddict(kind):
        parts = hints.items()
        return {k: sample(h, f"{label}[{k!r}]", 2, depth - 1) for k, h in parts}
    try:
        given = {
            name: sample(hints.get(name, Any), f"{label}.{name}", 2, depth - 1)
            for name in _parameters(kind)
        }
        return kind(**given)
    except Exception:
        # It checks its values, and these are none of those that it takes.
        return None
