"""Copy what a workflow's steps reach into one namespace: the script's.

The project's definitions are copied with their text, its imports of anything else stay
imports, and where two things bear one name, one of them gets another.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import CodeType

import libcst as cst

from transpiler.diagnostics import Diagnostic, TranspileError, refuse
from transpiler.frontend.bundled import Bundle, Definition, Found, Import, Kind, Root
from transpiler.frontend.callables import Inner
from transpiler.frontend.changes import changed_by_build
from transpiler.frontend.checks import flow_decorators
from transpiler.frontend.distributions import python_of, requirements
from transpiler.frontend.imported import Imported
from transpiler.frontend.inner import inner_statements
from transpiler.frontend.modules import Statement
from transpiler.frontend.order import entry_order
from transpiler.frontend.project import FLOW, Project, project_of
from transpiler.frontend.reach import Reach, Use
from transpiler.frontend.rename import Editor, Names, shadows
from transpiler.frontend.resolve import (
    Builtin,
    Entity,
    External,
    Fact,
    Flow,
    Global,
    Missing,
    Package,
    Resolution,
    Resolver,
)
from transpiler.frontend.twins import same_things
from transpiler.frontend.verify import places_of, verify
from transpiler.source import Span


def bundle(
    roots: Iterable[Root],
    *,
    inner: Iterable[Inner] = (),
    avoid: frozenset[str] = frozenset(),
    entry: str | None = None,
    evaluated: Iterable[Root] = (),
) -> Bundle:
    """Collect everything first-party that `roots` reach.

    `inner` are functions inside of others that the script has, too: what they refer to
    is collected and renamed as well. No definition takes a name in `avoid`. `entry` is
    the workflow's own module, whose names are the last to be changed; by default the
    root's that imports the others. `evaluated` are those roots that the script calls
    before anything else.
    Raises TranspileError with all that can't be copied exactly.
    """
    wanted = sorted(set(roots))
    modules = sorted({root.module for root in wanted} | ({entry} if entry else set()))
    project = _project([entry] if entry else modules)
    if project is None:
        return Bundle()
    resolver = Resolver(project)
    ours = [m for m in modules if project.is_first_party(m)]
    order = entry_order(resolver, ours)
    if entry is not None:
        first = resolver.module(entry).name
        order = [first, *(name for name in order if name != first)]
    lifted = inner_statements(resolver, inner)
    return _Assembly(resolver, order, avoid, lifted).run(wanted, evaluated)


def _project(modules: Iterable[str]) -> Project | None:
    for module in modules:
        filename = getattr(sys.modules.get(module), "__file__", None)
        if filename is not None:
            project = project_of(Path(filename))
            if project.is_first_party(module):
                return project
    return None


class _Assembly:
    """The steps of one bundling, in the order of `run`."""

    def __init__(
        self,
        resolver: Resolver,
        modules: list[str],
        avoid: frozenset[str],
        inner: Mapping[CodeType, Statement],
    ) -> None:
        self.resolver = resolver
        self.modules = modules
        self.inner = inner
        self.reach = Reach(resolver)
        self.names = Names(avoid)
        self.roots: dict[Root, Resolution] = {}
        self.places: dict[tuple[str, int], int] = {}
        self.findings: list[Diagnostic] = self.reach.findings

    def run(self, wanted: Iterable[Root], evaluated: Iterable[Root]) -> Bundle:
        for root in wanted:
            try:
                self._root(root)
            except TranspileError as error:
                self.findings += error.diagnostics
        self.reach.add_inner(self.inner.values())
        self.reach.add_effects(self.modules)
        kept = list(self.reach.kept.values())
        # Functions inside of others stand below all others.
        below = {(s.module, s.index): s for s in self.inner.values()}
        above = [s for s in kept if (s.module, s.index) not in below]
        self.places = places_of(self.reach, self.modules, above)
        for place in below:
            self.places[place] = len(self.places)
        kept.sort(key=self._position)
        self.findings += verify(self.reach, kept, self.places, self.roots.values())
        called = [self.roots[root] for root in evaluated if root in self.roots]
        self.findings += changed_by_build(self.reach, kept, called)
        if self.findings:
            raise TranspileError(self.findings)
        twins = same_things(self.reach, kept)
        kept = [s for s in kept if (s.module, s.index) not in twins.dropped]
        self._name(kept, twins.same)
        given = self.names.given
        for entity, twin in twins.same.items():
            given[entity] = given[twin]
        imports = sorted(self._imports())
        inner = {
            code: definition.text
            for code, statement in self.inner.items()
            for definition in self._definition(statement)
        }
        kept = [s for s in kept if s.index >= 0]
        definitions = list(_joined(d for s in kept for d in self._definition(s)))
        checked = [d.type_checking for d in definitions]
        checked += [i.type_checking for i in imports]
        if any(checked):
            imports.append(Import("typing", "TYPE_CHECKING", "TYPE_CHECKING"))
        project = self.resolver.project
        dependencies, unknown = requirements(project, *self._needed(imports))
        self.findings += unknown
        if self.findings:
            raise TranspileError(self.findings)
        return Bundle(
            tuple(sorted(set(imports))),
            tuple(definitions),
            self._mapping(),
            frozenset(self.names.taken) - self._builtins(),
            frozenset(e.name for e in self.reach.entities if isinstance(e, Flow)),
            dependencies,
            inner,
            self._find,
            python_of(project),
        )

    def _root(self, root: Root) -> None:
        project = self.resolver.project
        first, *rest = root.name.split(".")
        if project.is_first_party(root.module):
            resolution = self.resolver.resolve(root.module, first, tuple(rest))
        elif root.module == f"{FLOW}.flow":
            resolution = Resolution(Flow(root.name))
        elif root.module == "builtins":
            resolution = Resolution(Builtin(first))
        else:
            resolution = Resolution(External(root.module, first, first))
        if rest[resolution.used :][:1] == ["fn"]:
            resolution = Resolution(resolution.entity, resolution.used + 1)
        if isinstance(resolution.entity, (Missing, Package, Fact)):
            raise _unusable(root, resolution.entity, project)
        self.roots[root] = resolution
        self.reach.add(resolution)

    def _position(self, statement: Statement) -> int:
        return self.places[statement.module, statement.index]

    # Names

    def _name(self, kept: list[Statement], same: Mapping[Entity, Entity]) -> None:
        ranks = {name: rank for rank, name in enumerate(self.modules[:1])}
        hidden: dict[Entity, set[str]] = {}
        keys: dict[Entity, tuple[int, str, int]] = {}
        for root, resolution in self.roots.items():
            entity = resolution.entity
            home = entity.module if isinstance(entity, Global) else root.module
            if self.resolver.project.is_first_party(home):
                home = self.resolver.module(home).name
            keys.setdefault(entity, (2 + (home not in ranks), home, -1))
        for statement in kept:
            for use in self.reach.uses[statement.module, statement.index]:
                entity = use.resolution.entity
                home = entity.module if isinstance(entity, Global) else statement.module
                key = (2 + (home not in ranks), home, self._position(statement))
                keys[entity] = min(keys.get(entity, key), key)
                hidden.setdefault(entity, set()).update(shadows(self.resolver, use))
        for entity in keys:
            if isinstance(entity, Builtin):
                keys[entity] = (0, "", 0)
            elif isinstance(entity, External) and self._is_whole(entity):
                keys[entity] = (1, "", 0)
            elif isinstance(entity, Flow):
                keys[entity] = (9, "", 0)
        for entity in sorted(keys, key=lambda e: (keys[e], str(e))):
            if entity not in same and isinstance(
                entity, (Global, External, Flow, Builtin)
            ):
                self.names.give(entity, hidden.get(entity, ()))

    def _is_whole(self, entity: External) -> bool:
        return not entity.name and entity.bound == entity.module

    def _builtins(self) -> set[str]:
        taken = self.names.taken.items()
        return {name for name, entity in taken if isinstance(entity, Builtin)}

    def _uses(self) -> Iterator[Use]:
        for uses in self.reach.uses.values():
            yield from uses

    def _mapping(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for use in self._uses():
            reference, resolution = use.reference, use.resolution
            if reference.local is None and resolution.entity in self.names.given:
                path = reference.path[: resolution.used]
                key = (use.statement.module, ".".join((reference.name, *path)))
                found[key] = self.names.given[resolution.entity]
        for entity, name in self.names.given.items():
            if isinstance(entity, Flow):
                found[f"{FLOW}.flow", entity.name] = name
        for root, resolution in self.roots.items():
            rest = root.name.split(".")[1 + resolution.used :]
            found[root.module, root.name] = ".".join(
                [self.names.given[resolution.entity], *rest]
            )
        return found

    def _find(self, module: str, name: str) -> Found | None:
        if not self.resolver.project.is_first_party(module):
            return Found(module=module, name=name)
        first, *rest = name.split(".")
        try:
            resolution = self.resolver.resolve(module, first, tuple(rest))
        except TranspileError:
            return None
        entity, rest = resolution.entity, rest[resolution.used :]
        if entity in self.names.given:
            return Found(".".join([self.names.given[entity], *rest]))
        if isinstance(entity, External):
            behind = "".join(f".{part}" for part in rest)
            return Found("", entity.module, entity.name or None, behind)
        return None

    # Imports

    def _imports(self) -> Iterator[Import]:
        found: dict[External, dict[tuple[str, str | None], bool]] = {}
        origins = [(u.resolution, u.reference.path) for u in self._uses()]
        origins += [
            (resolution, tuple(root.name.split(".")[1:]))
            for root, resolution in self.roots.items()
        ]
        for resolution, path in origins:
            entity = resolution.entity
            if isinstance(entity, External):
                forms = found.setdefault(entity, {})
                rest = path[resolution.used :]
                for form in _forms(entity, resolution.through, rest):
                    forms[form] = True
        for entity, written in found.items():
            checking = entity not in self.reach.runtime
            bound = self.names.given[entity]
            for module, name in sorted(written, key=str):
                yield Import(module, name, bound, checking)

    def _needed(self, imports: Iterable[Import]) -> tuple[set[str], ...]:
        needed = {i.module for i in imports if not i.type_checking}
        inside = {one.module for one, tried in self.reach.needed if not tried}
        return needed, inside, {one.module for one, _ in self.reach.needed}

    # Definitions

    def _definition(self, statement: Statement) -> Iterator[Definition]:
        uses = self.reach.uses[statement.module, statement.index]
        left_out = flow_decorators(self.resolver, statement)
        editor = Editor(self.resolver, statement, self.names.given)
        checking = (statement.module, statement.index) not in self.reach.runtime
        try:
            text = editor.text(uses, left_out, checking)
        except TranspileError as error:
            self.findings += error.diagnostics
            return
        if text:
            text = "".join((*self._builtins_below(statement), text))
            name = self._first_name(statement)
            above = getattr(statement.node, "leading_lines", ())
            yield Definition(
                statement.module,
                name,
                text,
                _kind(statement.node),
                checking,
                statement.index,
                any(line.comment is None for line in above),
            )

    def _builtins_below(self, statement: Statement) -> Iterator[str]:
        """Yield `open_2 = open` where the author's is bound under a condition only.

        In the author's module the builtin stands behind the name if nothing binds it.
        """
        for name in sorted(statement.binds):
            given = self.names.given.get(Global(statement.module, name), name)
            binders = self.resolver.module(statement.module).binders[name]
            sure = (cst.SimpleStatementLine, cst.FunctionDef, cst.ClassDef)
            if (
                given != name
                and hasattr(builtins, name)
                and binders[0] is statement
                and not any(isinstance(one.node, sure) for one in binders)
            ):
                yield f"{given} = {name}\n"

    def _first_name(self, statement: Statement) -> str:
        for use in self.reach.uses[statement.module, statement.index]:
            reference = use.reference
            if reference.role in ("store", "import") and reference.eager:
                return self.names.given[use.resolution.entity]
        return ""


def _joined(definitions: Iterable[Definition]) -> Iterator[Definition]:
    """Make one `if TYPE_CHECKING:` block of several in a row."""
    before: Definition | None = None
    for definition in definitions:
        if before and before.type_checking and definition.type_checking:
            _, _, rest = definition.text.partition("\n")
            before = replace(before, text=f"{before.text}\n\n{rest}")
            continue
        if before:
            yield before
        before = definition
    if before:
        yield before


def _forms(
    entity: External, through: tuple[Imported, ...], path: tuple[str, ...]
) -> list[tuple[str, str | None]]:
    """Return the import statements behind a name, those that its attributes need."""
    if not through or not through[0].whole or through[0].name is not None:
        if through and through[0].name is not None:
            return [(through[0].module, through[0].name)]
        return [(entity.module, entity.name or None)]
    used = (entity.bound, *path)
    fitting = {
        one.module
        for one in through
        if all(a == b for a, b in zip(one.module.split("."), used, strict=False))
    }
    return [(module, None) for module in sorted(fitting or {through[0].module})]


def _kind(node: cst.CSTNode) -> Kind:
    if isinstance(node, cst.FunctionDef):
        return "function"
    if isinstance(node, cst.ClassDef):
        return "class"
    small = node.body[0] if isinstance(node, cst.SimpleStatementLine) else node
    constants = (cst.Assign, cst.AnnAssign, cst.AugAssign, cst.TypeAlias)
    return "constant" if isinstance(small, constants) else "statement"


def _unusable(root: Root, entity: Entity, project: Project) -> TranspileError:
    span = Span(str(project.find(root.module) or root.module))
    if isinstance(entity, Package):
        return refuse(
            "FLOW302",
            f"{root.name} is the module {entity.module}, used as a value",
            span=span,
            hint=f"a script has no modules: name what you need, as in {root.name}.NAME",
        )
    return refuse(
        "FLOW301",
        f"{root.name} can't be copied: no statement of {root.module} binds it",
        span=span,
        hint="define it at the top level of a module",
    )
