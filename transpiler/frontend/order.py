"""The order in which Python would run the statements of several modules.

An import statement runs the other module there and then, unless it has begun already;
that gives dependency order, and holds for circular imports too.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import libcst as cst

from transpiler.frontend.imported import Imported
from transpiler.frontend.modules import AuthorModule, Statement
from transpiler.frontend.resolve import Resolver
from transpiler.frontend.scopes import walk

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
            for one in statement.run_imports(module.package):
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
    resolver: Resolver,
    roots: Iterable[str],
    kept: Iterable[Statement],
    mentions: Mapping[Place, Iterable[tuple[Place, bool]]],
    late: Iterable[str] = (),
) -> dict[Place, int]:
    """Number the statements of every module concerned in the order in which they run.

    A module that only functions import, or only type checkers, runs in front of what
    mentions it or, where it imports that in turn, after everything else; unless the
    function may be called while modules are imported. `mentions` says for a statement
    what definitions it names, and whether at once. Modules in `late` are surely not
    imported by such a call.
    """
    statements = {(s.module, s.index): s for s in kept}
    simulation = _Simulation(resolver, statements, mentions, frozenset(late))
    for name in roots:
        simulation.run(name)
    while simulation.deferred:
        simulation.run(simulation.deferred.pop(0))
    for module in sorted({module for module, _ in statements}):
        simulation.run(module)
    return simulation.numbers


@dataclass(slots=True)
class _Simulation:
    resolver: Resolver
    kept: Mapping[Place, Statement]
    mentions: Mapping[Place, Iterable[tuple[Place, bool]]]
    late: frozenset[str]
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
            for one in statement.run_imports(module.package):
                for other in loaded_by(self.resolver, one):
                    self.run(other)
            for other in self._lazy(module, statement, eager):
                self._run_lazily(other)
            for other in self._called(module, statement):
                if self.resolver.module(other).name not in self.late:
                    self.run(other)
            self.numbers[module.name, statement.index] = len(self.numbers)
        self.running.pop()

    def _lazy(
        self, module: AuthorModule, statement: Statement, eager: tuple[Imported, ...]
    ) -> Iterator[str]:
        if statement.type_checking:
            for one in eager:
                yield from loaded_by(self.resolver, one)
        if (module.name, statement.index) in self.kept:
            yield from self._inside(statement)

    def _inside(self, statement: Statement) -> Iterator[str]:
        """Yield what functions in a statement import."""
        for local in statement.scan.local_imports:
            one = self.resolver.local_import(statement.module, local)
            yield from loaded_by(self.resolver, one)

    def _called(self, module: AuthorModule, statement: Statement) -> Iterator[str]:
        """Yield what functions import that a statement may call at once."""
        start = (module.name, statement.index)
        if start not in self.kept or not self.deferred or not _calls(statement):
            return
        pending = [place for place, eager in self.mentions[start] if eager]
        seen = {start}
        while pending:
            place = pending.pop()
            if place in seen or place not in self.kept:
                continue
            seen.add(place)
            yield from self._inside(self.kept[place])
            pending += [other for other, _ in self.mentions[place]]

    def _run_lazily(self, name: str) -> None:
        name = self.resolver.module(name).name
        if name in self.started or name in self.deferred:
            return
        if closure(self.resolver, [name]).keys() & set(self.running):
            self.deferred.append(name)
        else:
            self.run(name)


def _calls(statement: Statement) -> bool:
    """Whether a statement calls anything at once."""
    if isinstance(statement.node, (cst.FunctionDef, cst.ClassDef)):
        return any(r.eager and r.called for r in statement.scan.references)
    return any(isinstance(part, cst.Call) for part in walk(statement.node))
