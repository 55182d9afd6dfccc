"""What modules hold, kept to be put back: each run of a workflow finds it anew."""

from __future__ import annotations

from collections.abc import Iterable
from types import ModuleType
from typing import Any

_SCALARS = (bool, int, float, str, bytes, type(None))


class Kept:
    """The variables of modules, and what is in their containers and plain objects."""

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        self._globals: list[tuple[dict[str, Any], str, Any]] = []
        self._contents: list[tuple[Any, Any]] = []
        for module in modules:
            for name, value in list(vars(module).items()):
                if type(value) in _SCALARS and not name.startswith("__"):
                    self._globals.append((vars(module), name, value))
                elif type(value) in (dict, list, set):
                    self._contents.append((value, value.copy()))
                elif type(value).__module__ == module.__name__:
                    inside = getattr(value, "__dict__", None)
                    if isinstance(inside, dict):
                        self._contents.append((inside, inside.copy()))

    def put_back(self) -> None:
        """Let all be as it was."""
        for namespace, name, value in self._globals:
            namespace[name] = value
        for container, contents in self._contents:
            if container != contents:
                container.clear()
                if isinstance(container, list):
                    container.extend(contents)
                else:
                    container.update(contents)
