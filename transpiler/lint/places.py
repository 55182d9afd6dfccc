"""Values that can be told from the source: parts of the state, and constants."""

from __future__ import annotations

import collections
import enum
import inspect
import typing
from dataclasses import dataclass
from types import FunctionType
from typing import Any, Literal

from transpiler.ir.expressions import Expression, Given


@dataclass(frozen=True, slots=True)
class Part:
    """A step of the way from the state to a part of it."""

    kind: Literal["attribute", "key", "any"]
    value: object = None


ANY = Part("any")
"""An element that can't be told: of a key that is computed, or an item of a loop."""

Path = tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A part of the state, and its type as annotated, where that is known."""

    path: Path = ()
    type: Any = None

    def attribute(self, name: str) -> Place:
        """Return an attribute of it."""
        return Place((*self.path, Part("attribute", name)), _hint(self.type, name))

    def element(self, key: Value) -> Place:
        """Return the element for a key."""
        part = Part("key", key.value) if isinstance(key, Constant) else ANY
        arguments = typing.get_args(self.type)
        return Place((*self.path, part), arguments[-1] if arguments else None)

    @property
    def is_certain(self) -> bool:
        """Whether another place of the same path is surely the same thing."""
        return ANY not in self.path

    @property
    def grows_in_place(self) -> bool:
        """Whether `+=` and `|=` change the object, rather than put another there."""
        kind = typing.get_origin(self.type) or self.type
        return kind in (list, set, dict, collections.deque, bytearray)

    def method(self, name: str) -> FunctionType | None:
        """Return a method of its class."""
        found = inspect.getattr_static(self.type, name, None)
        return found if isinstance(found, FunctionType) else None


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that is known, and can be a key."""

    value: object


Value = Place | Constant | None


def constant(value: object) -> Constant | None:
    """Return a constant for a value that compares by what it holds, else None."""
    if isinstance(value, tuple):
        return Constant(value) if all(map(constant, value)) else None
    kinds = (str, bytes, int, float, enum.Enum, type(None))
    return Constant(value) if isinstance(value, kinds) else None


def given(expression: Expression) -> Value:
    """Return what is known of an argument."""
    return constant(expression.value) if isinstance(expression, Given) else None


def state_of(fn: FunctionType, path: Path = ()) -> Place:
    """Return the first parameter of a function as a place, with its type."""
    parameters = list(inspect.signature(fn).parameters)
    return Place(path, _hints(fn).get(parameters[0]) if parameters else None)


def _hint(owner: Any, name: str) -> Any:
    owner = typing.get_origin(owner) or owner
    return _hints(owner).get(name) if inspect.isclass(owner) else None


def _hints(owner: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(owner)
    except Exception:
        return {}  # Names under TYPE_CHECKING; then less is known.
