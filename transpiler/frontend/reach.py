"""Everything that some names reach: tree shaking over the modules of a project."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import libcst as cst

from transpiler.diagnostics import Diagnostic, TranspileError, refuse
from transpiler.frontend.callees import HARMLESS, SETTINGS
from transpiler.frontend.checks import check_reference, flow_decorators
from transpiler.frontend.effects import Effects, added_to
from transpiler.frontend.imported import Imported, imported_by
from transpiler.frontend.mentions import Reference
from transpiler.frontend.modules import Statement
from transpiler.frontend.order import closure
from transpiler.frontend.resolve import (
    Entity,
    External,
    Global,
    Resolution,
    Resolver,
)
from transpiler.frontend.scopes import bound_directly, walk


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
    needed: list[tuple[Imported, bool]] = field(default_factory=list)
    """Third-party and standard modules imported inside kept statements, and whether
    in a `try`."""

    findings: list[Diagnostic] = field(default_factory=list)
    _queue: list[tuple[Global, bool]] = field(default_factory=list)

    def add(self, resolution: Resolution, runtime: bool = True) -> None:
        """Reach what a dotted name stands for, and all that this needs in turn."""
        self._enter(resolution, runtime)
        self._drain()

    def add_inner(self, statements: Iterable[Statement]) -> None:
        """Reach what functions refer to that were inside of others."""
        for statement in statements:
            self._keep(statement, True)
        self._drain()

    def add_effects(self, roots: Iterable[str]) -> None:
        """Reach the statements that set up what is reached, until none is left."""
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
                self._refuse_hidden(effects, names)
                return
            for statement in found:
                self._keep(statement, True)
            self._drain()

    def mentions(self) -> dict[tuple[str, int], list[tuple[tuple[str, int], bool]]]:
        """Return the definitions that each kept statement names, and if at once."""
        return {
            place: [
                ((statement.module, statement.index), use.reference.eager)
                for use in uses
                if isinstance(use.resolution.entity, Global)
                and use.reference.role == "load"
                for statement in self.binders(use.resolution.entity)
            ]
            for place, uses in self.uses.items()
        }

    def binders(self, entity: Global) -> tuple[Statement, ...]:
        """Return the statements that bind a name of a module."""
        return self.resolver.module(entity.module).binders.get(entity.name, ())

    def _refuse_hidden(self, effects: Effects, names: set[str]) -> None:
        """Refuse what a module sets up that was imported, but by no statement."""
        known = closure(self.resolver, names)
        root = str(self.resolver.project.place.root)
        for name, loaded in sorted(sys.modules.items()):
            filename = getattr(loaded, "__file__", None) or ""
            if not str(filename).startswith(root) or name == "__main__":
                continue
            if not self.resolver.project.is_first_party(name):
                continue
            if not self.resolver.is_source(name):
                continue
            module = self.resolver.module(name)
            for statement in () if module.name in known else module.statements:
                if any(self._matters(e, statement) for e in effects.of(statement)):
                    error = refuse(
                        "FLOW307",
                        f"{name} changes what steps use, but is imported dynamically",
                        span=module.span(statement),
                        hint=f"import {name} by a statement where it is loaded",
                    )
                    self.findings += error.diagnostics
                    break

    def _matters(self, entity: Entity, statement: Statement) -> bool:
        if isinstance(entity, Global):
            return entity in self.runtime
        if not isinstance(entity, External) or statement.module not in self._modules():
            return False
        top = entity.module.partition(".")[0]
        if top in HARMLESS or (top == "sys" and _is_path(statement)):
            return False
        # What it sets matters where the same library is used, or to everyone.
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
            for statement in self.binders(entity):
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
        added = set(added_to(statement.node))
        left_out = self._left_out(statement)
        for reference in statement.scan.references:
            if id(reference.nodes[0]) in left_out:
                continue
            for use in self._uses(statement, reference):
                uses.append(use)
                bound = use.reference.role in ("store", "delete", "import")
                bound = bound and reference.name not in added
                if not bound and not (reference.name in own and not reference.local):
                    self._enter(use.resolution, runtime and not reference.checking)
        self.uses[place] = uses
        self._imports_inside(statement, runtime)

    def _uses(self, statement: Statement, reference: Reference) -> Iterator[Use]:
        if reference.role in ("store", "delete", "import", "declare"):
            here = Global(statement.module, reference.name)
            yield Use(statement, reference, Resolution(here))
            if reference.role != "import":
                return
        try:
            resolution = self._resolve(statement, reference)
            if resolution is None:
                return
            if reference.role == "import":
                # What a conditional import binds is assigned from what it imported.
                nodes = (cst.Name(reference.name),)
                reference = replace(reference, role="load", nodes=nodes)
            resolution = check_reference(
                self.resolver, statement, reference, resolution
            )
            yield Use(statement, reference, resolution)
        except TranspileError as error:
            self.findings += error.diagnostics

    def _resolve(self, statement: Statement, reference: Reference) -> Resolution | None:
        if reference.role != "import":
            return self.resolver.resolve_reference(statement.module, reference)
        module = self.resolver.module(statement.module)
        found = imported_by(statement.node, reference.nodes[0], module.package)
        if found is None or not self.resolver.is_ours(found):
            return None
        if not reference.eager and not reference.checking:
            raise refuse(
                "FLOW310",
                f"{reference.name} is imported from the project here, under `global`",
                span=module.span_of(reference),
                hint="import it in each function that uses it, without `global`",
            )
        if is_tried(statement.node, found.node):
            raise refuse(
                "FLOW310",
                f"whether {found.module} can be imported may differ elsewhere",
                span=module.span_of(reference),
                hint="put the `try` around the import that may fail, inside"
                f" {found.module}",
            )
        return self.resolver.follow((found,), ())

    def _left_out(self, statement: Statement) -> set[int]:
        """Return the names in flow's decorators, which stand above all others."""
        flows = flow_decorators(self.resolver, statement)
        if flows and isinstance(statement.node, cst.FunctionDef):
            above = statement.node.decorators[: len(flows)]
            if [id(d) for d in above] != [id(d) for d in flows]:
                module = self.resolver.module(statement.module)
                error = refuse(
                    "FLOW311",
                    "a decorator above flow's decorates a step, not a function",
                    span=module.span(statement),
                    hint="move it below, next to the function",
                )
                self.findings += error.diagnostics
        return {id(part) for d in flows for part in walk(d)}

    def _imports_inside(self, statement: Statement, runtime: bool) -> None:
        """Note what a kept statement imports itself, for the list of distributions."""
        module = self.resolver.module(statement.module)
        inside = [
            self.resolver.local_import(module.name, local)
            for local in statement.scan.local_imports
        ]
        for found in (*statement.run_imports(module.package), *inside):
            if runtime and not self.resolver.is_ours(found):
                tried = is_tried(statement.node, found.node)
                self.needed.append((found, tried))


def loop_names(node: cst.CSTNode) -> frozenset[str]:
    """Return what the loops and `with`s of a statement bind before they read it."""
    if isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.SimpleStatementLine)):
        return frozenset()
    heads = (cst.For, cst.WithItem, cst.ExceptHandler, cst.ExceptStarHandler)
    return frozenset(
        name.value
        for part in walk(node)
        if isinstance(part, heads)
        for name in bound_directly(part)
    )


def is_tried(node: cst.CSTNode, inner: cst.CSTNode) -> bool:
    """Whether a statement stands in the body of a `try` that has handlers."""
    return any(
        isinstance(part, cst.Try)
        and part.handlers
        and any(below is inner for below in walk(part.body))
        for part in walk(node)
    )


def _is_path(statement: Statement) -> bool:
    """Whether a statement prepares imports, which the script has none of."""
    return any(
        r.path[:1] in (("path",), ("dont_write_bytecode",))
        for r in statement.scan.references
    )
