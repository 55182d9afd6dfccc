"""Import a file of the author's as if nothing of the project were imported yet.

Many projects keep a `workflow.py` in each of several folders, and a test or a script
that calls us may have imported the project itself. So while a file is loaded, the
project's modules are taken out of `sys.modules`, and afterwards they are put back.
In between `sys.modules[cls.__module__]` holds, which dataclasses, pickle and
`typing.get_type_hints` rely on.
"""

from __future__ import annotations

import importlib
import importlib.util
import linecache
import os
import re
import sys
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

PACKAGE = Path(__file__).resolve().parents[1]
"""The folder of flowc itself, whose modules and frames are never the author's."""

_INSTALLED = {"site-packages", "dist-packages"}


def _python_folders() -> tuple[Path, ...]:
    names = ("stdlib", "platstdlib")
    return tuple({Path(sysconfig.get_path(name)).resolve() for name in names})


_NEVER = tuple(os.path.join(folder, "") for folder in (PACKAGE, *_python_folders()))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file of the author's lies: in which project, and in which package."""

    path: Path
    root: Path
    package: str
    package_root: Path

    @property
    def folders(self) -> list[str]:
        """What goes in front of `sys.path`, the most specific first."""
        first = self.package_root if self.package else self.path.parent
        found = dict.fromkeys([first, self.root, self.root / "src"])
        return [str(folder) for folder in found if folder.is_dir()]

    @property
    def last_folder(self) -> list[str]:
        """What goes behind all of `sys.path`: the folder of a file in a package.

        In front of it, a `logging.py` in the package would be what everybody imports.
        """
        folder = str(self.path.parent)
        return [folder] if self.package and folder not in self.folders else []

    def is_first_party(self, filename: str | None) -> bool:
        """Whether a file belongs to the author's project."""
        if not filename or filename.startswith("<"):
            return False
        # Of strings, as this is asked about every module that is imported.
        path = os.path.normpath(filename)
        if path.startswith(_NEVER):
            return False
        for root in (self.root, self.package_root):
            inside = path.removeprefix(os.path.join(root, ""))
            if inside != path and not _INSTALLED.intersection(inside.split(os.sep)):
                return True
        return False

    def owns(self, module: ModuleType) -> bool:
        """Whether a module belongs to the author's project."""
        names = vars(module)
        filename = names.get("__file__")
        if filename is None:
            # A namespace package has no file, only folders.
            folders = list(names.get("__path__") or ())
            filename = f"{folders[0]}/" if folders else None
            if filename and Path(filename) in {self.root, self.package_root}:
                return True
        return isinstance(filename, str) and self.is_first_party(filename)


def locate(path: Path) -> Place:
    """Find the project and the package that a file lies in."""
    path = path.resolve()
    top, names = path.parent, []
    while (top / "__init__.py").is_file() and top != top.parent:
        names.append(top.name)
        top = top.parent
    return Place(path, project_root(path), ".".join(reversed(names)), top)


def project_root(path: Path) -> Path:
    """Return the folder that a file's project is named from.

    That is where the nearest pyproject.toml lies, else the nearest .git, else the
    folder that holds the file's top package, or the file.
    """
    # Unlike Path.resolve, this bears links that lead to each other.
    path = Path(os.path.realpath(path))
    for marker in ("pyproject.toml", ".git"):
        for folder in path.parents:
            if (folder / marker).exists():
                return folder
    folder = path.parent
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        folder = folder.parent
    return folder


def source_name(path: Path) -> str:
    """Name a file relative to its project, the same on every machine."""
    path = Path(os.path.realpath(path))
    return path.relative_to(project_root(path)).as_posix()


@contextmanager
def fresh_imports(place: Place) -> Iterator[None]:
    """Import the author's project from scratch inside, and leave no trace of it."""
    before = dict(sys.modules)
    path, no_bytecode = sys.path[:], sys.dont_write_bytecode
    own = sys.modules["transpiler"]
    shadowing = _top_modules(place)
    aside = {
        name
        for name, module in before.items()
        if name != "__main__"
        and isinstance(module, ModuleType)
        and module is not own
        and (place.owns(module) or _is_shadowed(name, shadowing))
    }
    for name in aside:
        del sys.modules[name]
    sys.path[:] = [*place.folders, *sys.path, *place.last_folder]
    sys.dont_write_bytecode = True
    importlib.invalidate_caches()
    for filename in list(linecache.cache):
        # A file that changed within the clock's tick looks unchanged to linecache.
        if place.is_first_party(filename) and Path(filename).exists():
            del linecache.cache[filename]
    try:
        yield
    finally:
        for name, module in list(sys.modules.items()):
            known = name in before and name not in aside
            if not known and isinstance(module, ModuleType) and place.owns(module):
                del sys.modules[name]
        for name in aside:
            sys.modules[name] = before[name]
        sys.path[:] = path
        sys.dont_write_bytecode = no_bytecode
        importlib.invalidate_caches()


def _top_modules(place: Place) -> set[str]:
    """Return the names that the author's folders have modules and packages for."""
    return {
        entry.stem
        for folder in map(Path, [*place.folders, *place.last_folder])
        for entry in folder.iterdir()
        if (entry.suffix == ".py" and entry.is_file())
        or (entry / "__init__.py").is_file()
    }


def _is_shadowed(name: str, shadowing: set[str]) -> bool:
    """Whether the author's folders hold another module by an imported one's name.

    Such as the `steps.py` beside another workflow, loaded earlier by whoever calls us.
    """
    top = name.partition(".")[0]
    if top in sys.stdlib_module_names or top == "transpiler":
        return False
    return top in shadowing


def import_file(place: Place) -> ModuleType:
    """Import the file as a module, in its package if it lies in one."""
    name = _module_name(place)
    if place.package:
        importlib.import_module(place.package)
    if name in sys.modules:  # The package's __init__ imports it.
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, place.path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{place.path.name} is not a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    # A module may put another object in its place, as `import` allows.
    return sys.modules.get(name, module)


def _module_name(place: Place) -> str:
    stem = place.path.stem
    if place.package and stem == "__init__":
        return place.package
    name = re.sub(r"\W", "_", stem)
    if place.package:
        return f"{place.package}.{name}"
    # A file called logging.py must not become what others import as logging.
    taken = name in sys.stdlib_module_names or name in sys.modules
    return f"{name}_workflow" if taken or name == "transpiler" else name
