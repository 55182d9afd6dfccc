"""What a global name of a module stands for, followed through the project's imports."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import ModuleType

import libcst as cst

from transpiler.diagnostics import refuse
from transpiler.frontend.imported import Imported, imported
from transpiler.frontend.mentions import Reference
from transpiler.frontend.modules import AuthorModule, Statement, read_module
from transpiler.frontend.project import FLOW, Project
from transpiler.frontend.scopes import LocalImport
from transpiler.frontend.settle import is_ours, settle
from transpiler.frontend.stars import spell_stars

MODULE_FACTS = frozenset(
    {"__name__", "__file__", "__doc__", "__package__", "__spec__", "__loader__"}
    | {"__path__", "__cached__", "__annotations__", "__dict__"}
)
"""What the import system puts into every module."""

IMPLICIT = frozenset({"__class__", "__module__", "__qualname__", "__debug__"})
"""What the compiler puts into classes and methods."""


@dataclass(frozen=True, slots=True, order=True)
class Global:
    """A name that a module of the project binds."""

    module: str
    name: str


@dataclass(frozen=True, slots=True, order=True)
class External:
    """A name that an import of something else binds."""

    module: str
    name: str
    """What is imported from the module; "" for the module itself."""

    bound: str


@dataclass(frozen=True, slots=True, order=True)
class Fact:
    """`__name__` and its like, of one module."""

    module: str
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Builtin:
    """A name that no module of the project binds."""

    name: str


@dataclass(frozen=True, slots=True, order=True)
class Flow:
    """Something of flow's: "" for the module, else a name in it."""

    name: str


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """A module of the project itself, as a value."""

    module: str


@dataclass(frozen=True, slots=True, order=True)
class Missing:
    """A name that nothing binds."""

    module: str
    name: str


Entity = Global | External | Fact | Builtin | Flow | Package | Missing


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a dotted name stands for; `used` of its attributes lead there.

    `through` are the imports that an External was found in: `import a.b` and
    `import a.c` both bind `a`.
    """

    entity: Entity
    used: int = 0
    through: tuple[Imported, ...] = ()
    type_checking: bool = False
    imported: bool = False
    """Whether a `from` import of the project copied the binding on the way."""


@dataclass(slots=True, eq=False)
class Resolver:
    """Resolves names in the modules of one project."""

    project: Project
    modules: dict[str, AuthorModule] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    _by_path: dict[str, str] = field(default_factory=dict)

    def module(self, name: str) -> AuthorModule:
        """Return a first-party module. One file is one module, whatever its names."""
        canonical = self.names.get(name)
        if canonical is None:
            path = self.project.find(name)
            if path is None:
                raise refuse("FLOW314", f"the source of {name} isn't known")
            canonical = self._by_path.setdefault(str(path), name)
            self.names[name] = canonical
            if canonical not in self.modules:
                module = read_module(canonical, path)
                self.modules[canonical] = spell_stars(settle(self.project, module))
        return self.modules[canonical]

    def is_source(self, name: str) -> bool:
        """Whether a module has a source: a namespace package or extension has none."""
        path = self.project.find(name)
        return path is not None and path.suffix == ".py" and path.exists()

    def resolve(self, module: str, name: str, path: tuple[str, ...] = ()) -> Resolution:
        """Follow `name.path[0]...`, as read in a module, to what it stands for."""
        return self._global(module, name, path, frozenset())

    def resolve_reference(self, module: str, reference: Reference) -> Resolution | None:
        """Resolve a reference; None for what a function imports from elsewhere."""
        if reference.local is None:
            return self.resolve(module, reference.name, reference.path)
        found = self.local_import(module, reference.local)
        return self.follow((found,), reference.path) if self.is_ours(found) else None

    def local_import(self, module: str, local: LocalImport) -> Imported:
        """Return what a function's import statement imports by one of its names."""
        return next(
            found
            for found in imported(local.statement, self.module(module).package)
            if found.bound == local.bound and found.alias is local.alias
        )

    def is_ours(self, found: Imported) -> bool:
        """Whether an import disappears: it imports from the project, or flow."""
        return is_ours(self.project, found)

    def _global(
        self, name_of: str, name: str, path: tuple[str, ...], seen: frozenset[Global]
    ) -> Resolution:
        module = self.module(name_of)
        here = Global(module.name, name)
        if here in seen:
            return Resolution(Missing(module.name, name))
        seen |= {here}
        binders = module.binders.get(name, ())
        last = binders[-1].index if binders else -1
        for statement, star in module.stars:
            # The last one to bind the name wins, as when the module runs.
            if not statement.imports and star.module not in sys.modules:
                continue  # A branch that isn't taken.
            if statement.index > last and name in self.star_names(star.module):
                if not statement.imports:
                    raise refuse(
                        "FLOW310",
                        f"{name} comes from a star import under a condition",
                        span=module.span(statement),
                        hint=f"import it by name: from {star.module} import {name}",
                    )
                one = Imported(star.module, name, name, star.node, None)
                found = self.follow((one,), path, statement.type_checking, seen)
                if not isinstance(found.entity, Missing):
                    return found
                # It got the name from here, from a star import further up.
        if binders:
            imports = sole_import(binders, name)
            if not imports or name in module.declared:
                return Resolution(here)
            checking = all(statement.type_checking for statement in binders)
            return self.follow(imports, path, checking, seen)
        if name in module.declared:
            return Resolution(here)
        if module.is_package and self._is_submodule(f"{module.name}.{name}"):
            return self._module(f"{module.name}.{name}", path, 0, False, seen)
        if name in MODULE_FACTS:
            return Resolution(Fact(module.name, name))
        if hasattr(builtins, name) or name in IMPLICIT:
            return Resolution(Builtin(name))
        return Resolution(Missing(module.name, name))

    def follow(
        self,
        found: tuple[Imported, ...],
        path: tuple[str, ...],
        checking: bool = False,
        seen: frozenset[Global] = frozenset(),
    ) -> Resolution:
        """Return what a name that imports bind stands for."""
        first = found[0]
        if first.module.partition(".")[0] == FLOW:
            return _flow(first, path)
        if first.whole and first.name is None:
            top = first.module.partition(".")[0]
            if self.project.is_first_party(top):
                return self._module(top, path, 0, checking, seen)
            return Resolution(External(top, "", top), 0, found, checking)
        if not self.project.is_first_party(first.module):
            return Resolution(_external(first), 0, found, checking)
        if first.name is None:
            return self._module(first.module, path, 0, checking, seen)
        return self._member(first.module, first.name, path, checking, seen)

    def _member(
        self,
        module: str,
        name: str,
        path: tuple[str, ...],
        checking: bool,
        seen: frozenset[Global],
    ) -> Resolution:
        """Resolve `from module import name`."""
        if self.is_source(module):
            inner = self._global(module, name, path, seen)
            unbound = (Missing, Builtin, Fact)
            if not isinstance(inner.entity, unbound) or name in MODULE_FACTS:
                return _through(inner, checking)
        if self._is_submodule(f"{module}.{name}"):
            return self._module(f"{module}.{name}", path, 0, checking, seen)
        return self._unknown(module, name)

    def _unknown(self, module: str, name: str, used: int = 0) -> Resolution:
        path = self.project.find(module)
        if path is not None and path.exists() and not self.is_source(module):
            read_module(module, path)  # Which says that there is no source.
        return Resolution(Missing(module, name), used)

    def _module(
        self,
        module: str,
        path: tuple[str, ...],
        used: int,
        checking: bool,
        seen: frozenset[Global],
    ) -> Resolution:
        """Resolve attributes of a first-party module."""
        if used == len(path):
            return Resolution(Package(module), used)
        name = path[used]
        if self.is_source(module):
            inner = self._global(module, name, path[used + 1 :], seen)
            unbound = (Missing, Builtin)
            if not isinstance(inner.entity, unbound):
                total = used + 1 + inner.used
                checking = checking or inner.type_checking
                return Resolution(
                    inner.entity, total, inner.through, checking, inner.imported
                )
        if self._is_submodule(f"{module}.{name}"):
            return self._module(f"{module}.{name}", path, used + 1, checking, seen)
        return self._unknown(module, name, used + 1)

    def _is_submodule(self, name: str) -> bool:
        project = self.project
        return project.find(name) is not None and project.is_first_party(name)

    def star_names(
        self, module: str, seen: frozenset[str] = frozenset()
    ) -> frozenset[str]:
        """Return the names that `from module import *` binds."""
        if module in seen:
            return frozenset()
        loaded = sys.modules.get(module)
        if isinstance(loaded, ModuleType):
            every = getattr(loaded, "__all__", None)
            if every is not None:
                return frozenset(map(str, every))
            if not self.project.is_first_party(module):
                return frozenset(n for n in vars(loaded) if not n.startswith("_"))
        if not self.project.is_first_party(module) or not self.is_source(module):
            return frozenset()
        source = self.module(module)
        names = {n for n in source.binders if not n.startswith("_")}
        for _, star in source.stars:
            names |= self.star_names(star.module, seen | {module})
        if loaded is not None:
            # Modules of a package are bound in it once they are imported.
            inside = (n for n in vars(loaded) if f"{module}.{n}" in sys.modules)
            names |= {n for n in inside if not n.startswith("_")}
        return frozenset(names)


def sole_import(binders: Iterable[Statement], name: str) -> tuple[Imported, ...]:
    """Return the imports that bind a name, if nothing but equal imports does."""
    found: list[Imported] = []
    for statement in binders:
        if is_deletion(statement):
            continue
        if not statement.imports:
            return ()
        found += [i for i in statement.imports if i.bound == name]
    kinds = {(i.whole, i.name, "" if i.whole else i.module) for i in found}
    return tuple(found) if len(kinds) == 1 else ()


def is_deletion(statement: Statement) -> bool:
    """Whether this is `del name`, which only tidies up a module."""
    node = statement.node
    return isinstance(node, cst.SimpleStatementLine) and isinstance(
        node.body[0], cst.Del
    )


def _through(inner: Resolution, checking: bool) -> Resolution:
    checking = checking or inner.type_checking
    return Resolution(inner.entity, inner.used, inner.through, checking, True)


def _external(found: Imported) -> External:
    if found.name is None:
        return External(found.module, "", found.bound)
    whole = f"{found.module}.{found.name}"
    parent, child = sys.modules.get(found.module), sys.modules.get(whole)
    if child is not None and getattr(parent, found.name, None) is child:
        # `from os import path` and `import os.path as path` are one thing.
        return External(whole, "", found.bound)
    return External(found.module, found.name, found.bound)


def _flow(found: Imported, path: tuple[str, ...]) -> Resolution:
    parts = [*found.module.split("."), *([found.name] if found.name else [])]
    used = 0
    if found.whole and found.name is None:
        parts = parts[:1]
    while len(parts) < 2 and used < len(path):
        parts.append(path[used])
        used += 1
    if parts[1:2] != ["flow"]:
        return Resolution(Flow(".".join(parts)), used)
    if len(parts) == 2 and used < len(path):
        parts.append(path[used])
        used += 1
    return Resolution(Flow(".".join(parts[2:])), used)
