"""Names in the script, and the edits that give copied statements those names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import libcst as cst

from transpiler.diagnostics import refuse
from transpiler.frontend.fstrings import code, mend_fstrings
from transpiler.frontend.imported import imported, imported_by
from transpiler.frontend.mentions import Reference, StringAnnotation
from transpiler.frontend.modules import Statement
from transpiler.frontend.reach import Use
from transpiler.frontend.references import Change, replace_nodes
from transpiler.frontend.resolve import (
    Builtin,
    Entity,
    External,
    Fact,
    Flow,
    Global,
    Resolver,
)
from transpiler.frontend.scopes import last_name, walk

_FACTORIES = frozenset(
    {"TypeVar", "ParamSpec", "TypeVarTuple", "NewType", "NamedTuple", "TypedDict"}
    | {"namedtuple", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag"}
)
"""Calls that want to be told the name that their result is assigned to."""

_REMOVED = cst.RemovalSentinel.REMOVE


@dataclass(slots=True)
class Names:
    """One namespace, the script's: who bears which name."""

    avoid: frozenset[str]
    taken: dict[str, Entity] = field(default_factory=dict)
    given: dict[Entity, str] = field(default_factory=dict)

    def give(self, entity: Entity, shadowed: Iterable[str] = ()) -> str:
        """Name an entity as it is called in its module or, if that is taken, `name_2`.

        `shadowed` are the names that mean something else where it is referred to.
        """
        if entity not in self.given:
            wanted = name = preferred(entity)
            number = 1
            avoid = () if isinstance(entity, Builtin) else self.avoid
            while name in self.taken or name in avoid or name in shadowed:
                number += 1
                name = f"{wanted}_{number}"
            self.taken[name] = entity
            self.given[entity] = name
        return self.given[entity]


def preferred(entity: Entity) -> str:
    """Return the name that an entity bears in its module."""
    match entity:
        case Global(name=name) | Builtin(name=name) | Flow(name=name):
            return name
        case External(bound=bound):
            return bound
    raise AssertionError(entity)


def shadows(resolver: Resolver, use: Use) -> frozenset[str]:
    """Return the names that can't refer to a global of the script from a place.

    A reference `h.run` in a function with a parameter `run` can't become `run`.
    """
    reference = use.reference
    hidden: set[str] = set(reference.scope.shadows())
    scope = reference.scope
    while scope.parent is not None:
        # The project's imports inside functions are left out, and hide nothing.
        for name, local in scope.imports.items():
            found = resolver.local_import(use.statement.module, local)
            if local.sole and resolver.is_ours(found):
                hidden.discard(name)
        scope = scope.parent
    if use.resolution.used == 0 and reference.local is None:
        hidden.discard(reference.name)
    return frozenset(hidden)


class Editor:
    """Edits one statement: its names as in the script, flow's decorators left out."""

    def __init__(
        self, resolver: Resolver, statement: Statement, names: Mapping[Entity, str]
    ) -> None:
        self.resolver = resolver
        self.module = resolver.module(statement.module)
        self.statement = statement
        self.names = names
        self.changes: dict[int, Change] = {}
        self.inserted: set[int] = set()
        self.strings: dict[
            int, tuple[StringAnnotation, Reference, dict[int, Change]]
        ] = {}

    def text(
        self,
        uses: Iterable[Use],
        left_out: Iterable[cst.Decorator] = (),
        type_checking: bool = False,
    ) -> str:
        """Return the statement's text in the script, with the comments above it."""
        node = self.statement.node
        for decorator in left_out:
            self.changes[id(decorator)] = _REMOVED
        for use in uses:
            self._change(use)
        for string, reference, changes in self.strings.values():
            expression = replace_nodes(string.expression, changes)
            self.changes[id(string.node)] = self._string(string, reference, expression)
        self._remove_imports()
        self._name_factories()
        self._mend_fstrings()
        lines = [cst.EmptyLine(comment=cst.Comment(c)) for c in self.statement.comments]
        new = replace_nodes(node, self.changes) if self.changes else node
        if isinstance(new, cst.FlattenSentinel):
            nodes = [part.with_changes(leading_lines=[]) for part in new.nodes]
        elif isinstance(new, cst.CSTNode):
            nodes = [new.with_changes(leading_lines=lines)]
        else:
            nodes = []
        if nodes and isinstance(nodes[0], cst.FunctionDef) and self.changes:
            nodes[0] = _without_gaps(nodes[0])
        if nodes and type_checking:
            test = cst.Name("TYPE_CHECKING")
            nodes = [cst.If(test, cst.IndentedBlock(nodes))]
        tree = self.module.tree
        return "".join(tree.code_for_node(part) for part in nodes).strip("\n").rstrip()

    def _change(self, use: Use) -> None:
        reference, resolution = use.reference, use.resolution
        entity = resolution.entity
        old = reference.nodes[resolution.used]
        new: cst.BaseExpression
        if isinstance(entity, Fact):
            if self._names_logger(old):
                return
            self.inserted.add(id(old))
            new = cst.SimpleString(repr(entity.module).replace("'", '"'))
        elif isinstance(entity, (Global, External, Flow)):
            name = self.names[entity]
            if reference.role == "import":
                self._import(reference, name)
                return
            if resolution.used == 0 and name == reference.name:
                return
            if isinstance(old, cst.Name) and old.value != reference.name:
                raise refuse(
                    "FLOW316",
                    f"{old.value} is private to a class, and would have to be renamed",
                    span=self.module.span_of(reference),
                    hint="give the module-level name no more than one underscore",
                )
            new = cst.Name(name)
        else:
            return
        if isinstance(old, cst.BaseExpression):
            new = new.with_changes(lpar=old.lpar, rpar=old.rpar)
        changes = self.changes
        if reference.string is not None:
            key = id(reference.string.node)
            entry = self.strings.setdefault(key, (reference.string, reference, {}))
            changes = entry[2]
        changes[id(old)] = new

    def _string(
        self, string: StringAnnotation, reference: Reference, expression: cst.CSTNode
    ) -> cst.SimpleString:
        text = code(expression)
        node = string.node
        first = node.left if isinstance(node, cst.ConcatenatedString) else node
        quote: str = first.quote if isinstance(first, cst.SimpleString) else '"'
        if quote in text or "\\" in text:
            quote = next((q for q in ('"', "'", '"""') if q not in text), "")
        if not quote or "\\" in text:
            raise refuse(
                "FLOW316",
                "a name in this annotation would have to be renamed",
                span=self.module.span_of(reference),
                hint="write the annotation without the quotes",
            )
        return cst.SimpleString(f"{quote}{text}{quote}", lpar=node.lpar, rpar=node.rpar)

    def _names_logger(self, name: cst.CSTNode) -> bool:
        """Whether this `__name__` names a logger, as the script's own should be."""
        return any(
            isinstance(part, cst.Call)
            and any(argument.value is name for argument in part.args)
            and last_name(part.func).replace("_", "").lower().endswith("getlogger")
            for part in walk(self.statement.node)
        )

    def _mend_fstrings(self) -> None:
        """Keep the quotes valid where a string took the place of `__name__`."""
        if not self.inserted:
            return
        for part in walk(self.statement.node):
            if isinstance(part, cst.FormattedString):
                inside = {id(below) for below in walk(part)}
                if inside & self.inserted:
                    self.inserted -= inside
                    new = replace_nodes(part, self.changes)
                    self.changes[id(part)] = mend_fstrings(new)

    # Imports inside the statement

    def _import(self, reference: Reference, name: str) -> None:
        """Rename what an import that stays binds, or assign what it imported."""
        alias = reference.nodes[0]
        assert isinstance(alias, cst.ImportAlias)
        found = imported_by(self.statement.node, alias, self.module.package)
        assert found is not None
        if self.resolver.is_ours(found):
            resolution = self.resolver.follow((found,), ())
            self._assign(found.node, name, self.names[resolution.entity])
        elif name != reference.name:
            if found.whole and "." in found.module:
                raise refuse(
                    "FLOW316",
                    f"{reference.name} would have to be renamed in this import",
                    span=self.module.span(self.statement),
                    hint=f"write it as `import {found.module} as NAME`",
                )
            asname = cst.AsName(cst.Name(name))
            self.changes[id(alias)] = alias.with_changes(asname=asname)

    def _assign(self, node: cst.CSTNode, name: str, value: str) -> None:
        assignment = cst.SimpleStatementLine(
            [cst.Assign([cst.AssignTarget(cst.Name(name))], cst.Name(value))]
        )
        for line in walk(self.statement.node):
            if isinstance(line, cst.SimpleStatementLine) and node in line.body:
                known = self.changes.get(id(line))
                before = known.nodes if isinstance(known, cst.FlattenSentinel) else ()
                if not before:
                    lines = line.leading_lines
                    assignment = assignment.with_changes(leading_lines=lines)
                new = [*before, assignment] if name != value else [*before]
                self.changes[id(line)] = cst.FlattenSentinel(new)

    def _remove_imports(self) -> None:
        """Leave out what functions import from the project: it is in the script."""
        for local in self.statement.scan.local_imports:
            found = self.resolver.local_import(self.module.name, local)
            if not self.resolver.is_ours(found):
                continue
            node = local.statement
            assert not isinstance(node.names, cst.ImportStar)
            kept = [
                alias
                for alias in node.names
                if isinstance(node, cst.Import)
                and not self.resolver.is_ours(
                    next(
                        one
                        for one in imported(node, self.module.package)
                        if one.alias is alias
                    )
                )
            ]
            if kept:
                kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
                self.changes[id(node)] = node.with_changes(names=kept)
            else:
                self.changes[id(node)] = _REMOVED

    def _name_factories(self) -> None:
        """Tell `T_2 = TypeVar("T")` its new name, as type checkers demand."""
        for part in walk(self.statement.node):
            if not isinstance(part, (cst.Assign, cst.AnnAssign)):
                continue
            call = part.value
            target = (
                part.targets[0].target if isinstance(part, cst.Assign) else part.target
            )
            if not isinstance(call, cst.Call) or last_name(call.func) not in _FACTORIES:
                continue
            new = self.changes.get(id(target))
            first = call.args[0].value if call.args else None
            if not isinstance(new, cst.Name) or not isinstance(first, cst.SimpleString):
                continue
            if isinstance(target, cst.Name) and first.evaluated_value == target.value:
                text = f"{first.quote}{new.value}{first.quote}"
                self.changes[id(first)] = first.with_changes(value=text)


def _without_gaps(node: cst.FunctionDef) -> cst.FunctionDef:
    """Close the gap that a decorator left."""
    if not node.decorators:
        lines = [line for line in node.lines_after_decorators if line.comment]
        return node.with_changes(lines_after_decorators=lines)
    first, *others = node.decorators
    lines = [line for line in first.leading_lines if line.comment]
    first = first.with_changes(leading_lines=lines)
    return node.with_changes(decorators=[first, *others])
