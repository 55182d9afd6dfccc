"""Everything that some names reach: tree shaking over the modules of a project."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from types import ModuleType

import libcst as cst

from transpiler.diagnostics import Diagnostic, TranspileError
from transpiler.frontend.checks import check_reference
from transpiler.frontend.effects import HARMLESS, SETTINGS, Effects
from transpiler.frontend.modules import Imported, Statement
from transpiler.frontend.order import closure
from transpiler.frontend.project import FLOW
from transpiler.frontend.resolve import Entity, External, Flow, Global, Resolution, Resolver
from transpiler.frontend.scan import Reference
from transpiler.frontend.scopes import children, root_name


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """A reference in a kept statement, and what it stands for."""

    statement: Statement
    reference: Reference
    resolution: Resolution


@dataclass(slots=True, eq=False)
class Reach:
    """What was reached so far. `runtime` holds what more than a type checker needs."""

    resolver: Resolver
    kept: dict[tuple[str, int], Statement] = field(default_factory=dict)
    uses: dict[tuple[str, int], list[Use]] = field(default_factory=dict)
    entities: set[Entity] = field(default_factory=set)
    runtime: set[Entity | tuple[str, int]] = field(default_factory=set)
    needed: set[tuple[Imported, bool]] = field(default_factory=set)
    """Third-party and standard modules imported inside kept statements."""

    findings: list[Diagnostic] = field(default_factory=list)
    _queue: list[tuple[Global, bool]] = field(default_factory=list)

    def add(self, resolution: Resolution, runtime: bool = True) -> None:
        """Reach what a dotted name stands for, and all that this needs in turn."""
        self._enter(resolution, runtime)
        self._drain()

    def add_effects(self, roots: Iterable[str]) -> None:
        """Reach the statements that set up what has been reached, until none is left."""
        effects = Effects(self.resolver)
        while True:
            names = {*roots, *(s.module for s in self.kept.values())}
            found = [
                statement
                for module in closure(self.resolver, names).values()
                for statement in module.statements
                if (module.name, statement.index) not in self.kept
                and any(self._matters(e, statement) for e in effects.of(statement))
            ]
            if not found:
                return
            for statement in found:
                self._keep(statement, True)
            self._drain()

    def _matters(self, entity: Entity, statement: Statement) -> bool:
        if isinstance(entity, Global):
            return entity in self.runtime
        if not isinstance(entity, External) or statement.module not in self._modules():
            return False
        top = entity.module.partition(".")[0]
        if top in HARMLESS or (entity.module == "sys" and _is_path(statement)):
            return False
        return top in SETTINGS or any(
            isinstance(e, External) and e.module.partition(".")[0] == top
            for e in self.entities
        )

    def _modules(self) -> set[str]:
        return {module for module, _ in self.kept}

    def _enter(self, resolution: Resolution, runtime: bool) -> None:
        entity = resolution.entity
        runtime = runtime and not resolution.type_checking
        known = entity in self.entities and (entity in self.runtime or not runtime)
        self.entities.add(entity)
        if runtime:
            self.runtime.add(entity)
        if isinstance(entity, Global) and not known:
            self._queue.append((entity, runtime))

    def _drain(self) -> None:
        while self._queue:
            entity, runtime = self._queue.pop()
            module = self.resolver.module(entity.module)
            for statement in module.binders.get(entity.name, ()):
                if not statement.is_main_guard:
                    self._keep(statement, runtime)

    def _keep(self, statement: Statement, runtime: bool) -> None:
        place = (statement.module, statement.index)
        runtime = runtime and not statement.type_checking
        if place in self.kept and (place in self.runtime or not runtime):
            return
        self.kept[place] = statement
        if runtime:
            self.runtime.add(place)
        uses: list[Use] = []
        own = loop_names(statement.node)
        stripped = {id(d) for d in self.flow_decorators(statement)}
        skipped = names_in(statement.node, stripped)
        for reference in statement.scan.references:
            if id(reference.nodes[0]) in skipped:
                continue
            use = self._use(statement, reference)
            if use is None:
                continue
            uses.append(use)
            bound = reference.role in ("store", "delete", "import")
            if not bound and not (reference.name in own and reference.local is None):
                self._enter(use.resolution, runtime)
        self.uses[place] = uses
        self._imports_inside(statement, runtime)

    def _use(self, statement: Statement, reference: Reference) -> Use | None:
        module = self.resolver.module(statement.module)
        if reference.role in ("store", "delete", "import", "declare"):
            here = Global(statement.module, reference.name)
            return Use(statement, reference, Resolution(here))
        try:
            resolution = self.resolver.resolve_reference(module.name, reference)
            if resolution is not None:
                resolution = check_reference(
                    self.resolver, statement, reference, resolution
                )
        except TranspileError as error:
            self.findings += error.diagnostics
            return None
        if resolution is None:
            return None
        return Use(statement, reference, resolution)

    def _imports_inside(self, statement: Statement, runtime: bool) -> None:
        """Note what a kept statement imports itself, for the list of distributions."""
        module = self.resolver.module(statement.module)
        inside = [
            self.resolver.local_import(module.name, local)
            for local in statement.scan.local_imports
        ]
        for found in (*statement.eager_imports(module.package), *inside):
            if not self.resolver.is_ours(found):
                self.needed.add((replace(found), runtime))

    def flow_decorators(self, statement: Statement) -> list[cst.Decorator]:
        """Return the decorators of a function that are flow's, to be left out."""
        if not isinstance(statement.node, cst.FunctionDef):
            return []
        return [
            decorator
            for decorator in statement.node.decorators
            if self._is_flow(statement.module, decorator)
        ]

    def _is_flow(self, module: str, decorator: cst.Decorator) -> bool:
        root = root_name(decorator.decorator)
        if root is None:
            return False
        return isinstance(self.resolver.resolve(module, root.value).entity, Flow) or (
            isinstance(self._value(module, decorator.decorator), FlowThing)
        )

    def _value(self, module: str, node: cst.CSTNode) -> object:
        return None


class FlowThing:
    pass


def loop_names(node: cst.CSTNode) -> frozenset[str]:
    return frozenset()


def names_in(node: cst.CSTNode, inside: set[int]) -> set[int]:
    return set()
