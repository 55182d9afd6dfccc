"""Which statements change what others use: registries, classes, settings.

An approximation on the safe side: a statement that may change something reached comes
along, and one that only reads it doesn't.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

import libcst as cst

from transpiler.frontend.aliases import Aliases
from transpiler.frontend.checks import flow_decorators, runtime_value
from transpiler.frontend.evaluate import evaluate
from transpiler.frontend.modules import Statement
from transpiler.frontend.outcomes import Outcomes, entity_of
from transpiler.frontend.regions import BUILDERS, Regions
from transpiler.frontend.resolve import Entity, Global, Resolver
from transpiler.frontend.scopes import root_name


@dataclass(slots=True, eq=False)
class Effects:
    """What statements change, in the modules of one project."""

    resolver: Resolver
    _known: dict[tuple[str, int], frozenset[Entity]] = field(default_factory=dict)
    _aliases: Aliases = field(init=False)
    _regions: Regions = field(init=False)
    _outcomes: Outcomes = field(init=False)

    def __post_init__(self) -> None:
        self._aliases = Aliases(self.resolver)
        self._regions = Regions(self.resolver)
        self._outcomes = Outcomes(self.resolver, self._regions, evaluate)

    def of(self, statement: Statement) -> frozenset[Entity]:
        """Return what a statement changes besides binding its names.

        Something imported from elsewhere stands for the state of the process.
        """
        place = (statement.module, statement.index)
        if place not in self._known:
            self._known[place] = self._of(statement)
        return self._known[place]

    def _of(self, statement: Statement) -> frozenset[Entity]:
        if statement.imports or statement.type_checking or statement.is_main_guard:
            return frozenset()
        node = statement.node
        if isinstance(node, cst.FunctionDef):
            flows = flow_decorators(self.resolver, statement)
            if len(flows) == len(node.decorators):
                return frozenset()
        changed = set(self._outcomes.of(self._regions.at_once(statement)).changed)
        if isinstance(node, cst.ClassDef):
            changed |= set(self._of_bases(statement, node))
        changed |= {Global(statement.module, name) for name in added_to(node)}
        changed -= {Global(statement.module, n) for n in _own(node)}
        for entity in list(changed):
            changed |= self._aliased(entity)
        for entity in list(changed):
            if isinstance(entity, Global):
                changed |= self._aliases.of(entity)
        return frozenset(changed)

    def _aliased(self, entity: Entity) -> set[Entity]:
        """Return what `handlers = core.HANDLERS` is another name of."""
        binders = self._binders(entity) if isinstance(entity, Global) else ()
        if len(binders) != 1:
            return set()
        (statement,) = binders
        node = statement.node
        small = node.body[0] if isinstance(node, cst.SimpleStatementLine) else node
        value = small.value if isinstance(small, (cst.Assign, cst.AnnAssign)) else None
        if not isinstance(value, (cst.Name, cst.Attribute, cst.Subscript)):
            return set()
        root = root_name(value)
        for reference in statement.scan.references:
            if reference.nodes[0] is root:
                found = self._outcomes.resolve(statement.module, reference)
                if found is not None and found.entity != entity:
                    return {found.entity, *self._aliased(found.entity)}
        return set()

    def _binders(self, entity: Global) -> tuple[Statement, ...]:
        return self.resolver.module(entity.module).binders.get(entity.name, ())

    def _of_bases(self, statement: Statement, node: cst.ClassDef) -> Iterator[Entity]:
        """Yield what making a subclass changes: bases that count their subclasses."""
        own = runtime_value(Global(statement.module, node.name.value))
        if isinstance(own, type) and issubclass(own, Enum):
            # Its members are made at once.
            for name in BUILDERS:
                yield from self._outcomes.changed_by(own, name)
        names = {id(root_name(a.value)) for a in (*node.bases, *node.keywords)}
        for reference in statement.scan.references:
            if id(reference.nodes[0]) not in names or not reference.eager:
                continue
            found = self._outcomes.resolve(statement.module, reference)
            base: object = None
            if found is not None and isinstance(found.entity, Global):
                base = runtime_value(found.entity)
            if not isinstance(base, type):
                continue
            for kind in self._regions.ours(base):
                meta = kind if issubclass(kind, type) else type(kind)
                counts = [(kind, "__init_subclass__")]
                if self._regions.is_ours(meta):
                    counts += [(meta, name) for name in ("__new__", "__init__")]
                for owner, method in counts:
                    if method in self._regions.names(owner):
                        yield entity_of(kind)
                        if self._regions.is_ours(meta):
                            yield entity_of(meta)
                        yield from self._outcomes.changed_by(owner, method)


def added_to(node: cst.CSTNode) -> Iterator[str]:
    """Yield the name in `name += x`, which may change what another name stands for."""
    if isinstance(node, cst.SimpleStatementLine):
        small = node.body[0]
        if isinstance(small, cst.AugAssign) and isinstance(small.target, cst.Name):
            yield small.target.value


def _own(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        yield node.name.value
