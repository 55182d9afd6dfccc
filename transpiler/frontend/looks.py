"""What the names of the author's modules hold when these have been imported."""

from __future__ import annotations

import dataclasses
import enum
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any

from transpiler.frontend.imports import Place

_PLAIN = (int, float, complex, str, bytes, bool, type(None))
_DEEPEST = 30

_imported: list[dict[str, dict[str, object]]] = []
"""For each file that is loaded: the looks of all names of the project's modules."""


@contextmanager
def remembering(place: Place) -> Iterator[None]:
    """Remember what the modules of a project hold while a block lasts."""
    looks = Looks(place)
    modules = [m for m in list(sys.modules.values()) if _has_file(m, place)]
    _imported.append({m.__name__: looks.of_module(m) for m in modules})
    try:
        yield
    finally:
        _imported.pop()


def remembered() -> dict[str, dict[str, object]]:
    """Return the looks of all names by their module, as they were remembered last."""
    return _imported[-1] if _imported else {}


def _has_file(module: object, place: Place) -> bool:
    return isinstance(module, ModuleType) and place.owns(module)


class Looks:
    """What values look like: equal before and after if nobody has changed them.

    An object is looked into once; where it is met again, just where it was met first is
    told. Objects that know each other would be gone through on every way else.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self.met: dict[int, int] = {}

    def of_module(self, module: ModuleType) -> dict[str, object]:
        """Return the looks of all that a module has a name for."""
        return {name: self.of(value) for name, value in list(vars(module).items())}

    def of(self, value: Any) -> object:
        """Return the looks of a value; one that can't be looked into is itself."""
        self.met.clear()
        return self._inside(value, 0)

    def _inside(self, value: Any, depth: int) -> object:
        kind = type(value)
        if isinstance(value, _PLAIN):
            return kind.__name__, repr(value) if value != value else value
        if depth > _DEEPEST or isinstance(value, (FunctionType, ModuleType, enum.Enum)):
            return id(value)
        if id(value) in self.met:
            return "met", self.met[id(value)]
        self.met[id(value)] = len(self.met)
        if isinstance(value, (list, tuple, deque)):
            return kind.__name__, tuple(self._inside(x, depth + 1) for x in value)
        if isinstance(value, dict):
            pairs = list(value.items())
            held = (
                (self._inside(k, depth + 1), self._inside(v, depth + 1))
                for k, v in pairs
            )
            return kind.__name__, tuple(held)
        if isinstance(value, (set, frozenset)):
            return kind.__name__, frozenset(self._inside(x, depth + 1) for x in value)
        if isinstance(value, bytearray):
            return kind.__name__, bytes(value)
        if isinstance(value, type):
            return (id(value), *(self._held(value, depth) if self._ours(value) else ()))
        if self._ours(kind) or isinstance(value, SimpleNamespace):
            return (id(value), *self._held(value, depth))
        return id(value)

    def _held(self, value: Any, depth: int) -> Iterator[object]:
        """Yield the looks of an object's attributes; what it only remembers is left."""
        fields = dict(getattr(value, "__dict__", {}))
        for kind in type(value).__mro__:
            slots = kind.__dict__.get("__slots__", ())
            for name in (slots,) if isinstance(slots, str) else slots:
                fields[name] = getattr(value, name, None)
        for name, held in sorted(fields.items()):
            known = isinstance(getattr(type(value), name, None), cached_property)
            if not known and not name.startswith("__"):
                yield name, self._inside(held, depth + 1)

    def _ours(self, kind: type[Any]) -> bool:
        module = sys.modules.get(kind.__module__)
        if issubclass(kind, enum.Enum) or module is None:
            return False
        return dataclasses.is_dataclass(kind) or self.place.owns(module)
