"""The order in which Python would run the statements of several modules.

An import statement runs the other module there and then, unless it has begun already;
that gives dependency order, and holds for circular imports too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from transpiler.frontend.imported import Imported
from transpiler.frontend.modules import AuthorModule, Statement
from transpiler.frontend.resolve import Resolver

Place = tuple[str, int]
"""A statement: its module and its index there."""


def loaded_by(resolver: Resolver, found: Imported) -> list[str]:
    """Return the modules of the project that an import runs, parents first."""
    parts = found.module.split(".")
    names = [".".join(parts[:end]) for end in range(1, len(parts) + 1)]
    if found.name not in (None, "*"):
        names.append(f"{found.module}.{found.name}")
    ours = [n for n in names if resolver.project.is_first_party(n)]
    return [n for n in ours if resolver.is_source(n)]


def closure(resolver: Resolver, roots: Iterable[str]) -> dict[str, AuthorModule]:
    """Return the modules that importing `roots` runs, themselves included."""
    found: dict[str, AuthorModule] = {}
    pending = list(roots)
    while pending:
        module = resolver.module(pending.pop())
        if module.name in found:
            continue
        found[module.name] = module
        pending += _parents(resolver, module.name)
        for statement in module.statements:
            if statement.type_checking:
                continue
            for one in statement.eager_imports(module.package):
                names = loaded_by(resolver, one)
                # The branch of a condition that wasn't taken has no effect.
                sure = bool(statement.imports)
                pending += [n for n in names if sure or n in sys.modules]
    return found


def _parents(resolver: Resolver, name: str) -> list[str]:
    parts = name.split(".")
    names = [".".join(parts[:end]) for end in range(1, len(parts))]
    return [n for n in names if resolver.is_source(n) and _ours(resolver, n)]


def _ours(resolver: Resolver, name: str) -> bool:
    return resolver.project.is_first_party(name)


def entry_order(resolver: Resolver, modules: Iterable[str]) -> list[str]:
    """Sort modules so that those which import others come first: they run them."""
    names = sorted({resolver.module(name).name for name in modules})
    reach = {name: closure(resolver, [name]).keys() for name in names}
    return sorted(names, key=lambda n: (-sum(m in reach[n] for m in names), n))


def positions(
    resolver: Resolver, roots: Iterable[str], kept: Iterable[Statement]
) -> dict[Place, int]:
    """Number the statements of every module concerned in the order in which they run.

    A module that only functions import, or only type checkers, runs in front of what
    mentions it or, where it imports that in turn, after everything else.
    """
    simulation = _Simulation(resolver, {(s.module, s.index) for s in kept})
    for name in roots:
        simulation.run(name)
    while simulation.deferred:
        simulation.run(simulation.deferred.pop(0))
    for module in sorted({s.module for s in kept}):
        simulation.run(module)
    return simulation.numbers


@dataclass(slots=True)
class _Simulation:
    resolver: Resolver
    kept: set[Place]
    numbers: dict[Place, int] = field(default_factory=dict)
    started: set[str] = field(default_factory=set)
    running: list[str] = field(default_factory=list)
    deferred: list[str] = field(default_factory=list)

    def run(self, name: str) -> None:
        module = self.resolver.module(name)
        if module.name in self.started:
            return
        for parent in _parents(self.resolver, module.name):
            self.run(parent)
        if module.name in self.started:
            return
        self.started.add(module.name)
        self.running.append(module.name)
        for statement in module.statements:
            eager = statement.eager_imports(module.package)
            if not statement.type_checking:
                for one in eager:
                    for other in loaded_by(self.resolver, one):
                        self.run(other)
            for other in self._lazy(module, statement, eager):
                self._run_lazily(other)
            self.numbers[module.name, statement.index] = len(self.numbers)
        self.running.pop()

    def _lazy(
        self, module: AuthorModule, statement: Statement, eager: tuple[Imported, ...]
    ) -> Iterator[str]:
        if statement.type_checking:
            for one in eager:
                yield from loaded_by(self.resolver, one)
        if (module.name, statement.index) in self.kept:
            for local in statement.scan.local_imports:
                one = self.resolver.local_import(module.name, local)
                yield from loaded_by(self.resolver, one)

    def _run_lazily(self, name: str) -> None:
        name = self.resolver.module(name).name
        if name in self.started or name in self.deferred:
            return
        if closure(self.resolver, [name]).keys() & set(self.running):
            self.deferred.append(name)
        else:
            self.run(name)
