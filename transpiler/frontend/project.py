"""What belongs to the author's project, and is therefore copied into the script."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any

from transpiler.diagnostics import refuse
from transpiler.frontend.imports import Place, locate
from transpiler.source import Span

FLOW = "transpiler"
"""Our own import package: never copied, wherever it lies."""


@dataclass(frozen=True, slots=True, eq=False)
class Project:
    """The author's project, as seen from one of its files.

    `settings` is what `[tool.flowc] first-party` says: import names which are
    first-party wherever they lie or, with an exclamation mark in front, never.
    """

    place: Place
    settings: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    found: dict[str, Path | None] = field(default_factory=dict)

    def is_first_party(self, name: str) -> bool:
        """Whether a module's definitions are copied rather than imported."""
        if name.partition(".")[0] == FLOW:
            return False
        setting = self._setting(name)
        if setting is not None:
            return setting
        path = self.find(name)
        return path is not None and self.place.is_first_party(str(path))

    def _setting(self, name: str) -> bool | None:
        # The most specific name counts: `"shop"` with `"!shop.vendored"`.
        decided: bool | None = None
        length = -1
        for setting in self.settings:
            prefix = setting.removeprefix("!")
            if f"{name}.".startswith(f"{prefix}.") and len(prefix) > length:
                decided, length = not setting.startswith("!"), len(prefix)
        return decided

    def find(self, name: str) -> Path | None:
        """Return the file of a module, or the folder of a namespace package."""
        if name not in self.found:
            self.found[name] = _origin(name)
        return self.found[name]


def project_of(path: Path) -> Project:
    """Return the project that a file belongs to."""
    place = locate(path)
    config = place.root / "pyproject.toml"
    metadata = read_pyproject(config) if config.is_file() else {}
    given = metadata.get("tool", {}).get("flowc", {}).get("first-party", [])
    if not isinstance(given, list) or not all(isinstance(n, str) for n in given):
        raise refuse(
            "FLOW317",
            "[tool.flowc] first-party is not a list of import names",
            span=Span(str(config)),
            hint='write first-party = ["name", "!other"]',
        )
    return Project(place, tuple(given), metadata)


def read_pyproject(path: Path) -> dict[str, Any]:
    """Read a pyproject.toml."""
    return _parsed_toml(path, path.read_text(encoding="utf-8"))


@lru_cache(maxsize=64)
def _parsed_toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refuse(
            "FLOW317", f"this is not TOML: {error}", span=Span(str(path))
        ) from error


def _origin(name: str) -> Path | None:
    """Find a module's file without importing anything."""
    module = sys.modules.get(name)
    spec = getattr(module, "__spec__", None)
    filename = getattr(module, "__file__", None)
    if filename:
        return _resolved(filename)
    if not isinstance(spec, ModuleSpec):
        spec = _spec(name)
    if spec is None:
        return None
    if spec.origin and spec.has_location:
        return Path(spec.origin).resolve()
    for folder in spec.submodule_search_locations or ():
        # A file that need not exist: what matters is where it would lie.
        return Path(folder).resolve() / "__init__.py"
    return None


@lru_cache(maxsize=4096)
def _resolved(filename: str) -> Path:
    return Path(filename).resolve()


def _spec(name: str) -> ModuleSpec | None:
    parent = name.rpartition(".")[0]
    try:
        if not parent:
            return PathFinder.find_spec(name)
        module = sys.modules.get(parent)
        folders = getattr(module, "__path__", None)
        if folders is None:
            above = _spec(parent)
            folders = above.submodule_search_locations if above else None
        return PathFinder.find_spec(name, folders) if folders is not None else None
    except (ImportError, ValueError, AttributeError):
        return None
