"""Which statements change what others use: registries, classes, settings.

An approximation on the safe side: a statement that may change something reached comes
along, and one that only reads it doesn't.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from transpiler.diagnostics import TranspileError
from transpiler.frontend.aliases import Aliases
from transpiler.frontend.checks import flow_decorators, is_flow_object
from transpiler.frontend.mentions import Reference
from transpiler.frontend.modules import Statement
from transpiler.frontend.resolve import (
    Builtin,
    Entity,
    External,
    Global,
    Resolution,
    Resolver,
)
from transpiler.frontend.scopes import parameters, root_name, walk, words

READERS = words(
    "get keys items values copy index count join format split strip lower upper title"
    " startswith endswith match search fullmatch findall exists resolve is_file is_dir"
    " debug info warning error critical exception log getChild isEnabledFor encode"
    " decode union intersection difference issubset issuperset read_text"
)
"""Methods that leave their object as it is."""

MUTATORS = words(
    "append add update insert extend setdefault pop popitem remove discard clear sort"
    " reverse appendleft extendleft popleft register subscribe connect put push"
)
"""Methods that change their object, whatever is done with their result."""

BUILDERS = ("__init__", "__new__", "__post_init__", "__init_subclass__", "__set_name__")
"""Methods that run when an instance or a subclass is made."""

SETTINGS = {
    "atexit": {"register"},
    "decimal": {"getcontext", "setcontext"},
    "faulthandler": {"enable", "register"},
    "locale": {"setlocale"},
    "multiprocessing": {"set_start_method"},
    "os": {"environ", "putenv", "umask", "chdir", "unsetenv"},
    "random": {"seed", "setstate"},
    "signal": {"signal", "alarm", "siginterrupt"},
    "socket": {"setdefaulttimeout"},
    "sys": {"setrecursionlimit", "excepthook"},
    "threading": {"stack_size", "excepthook"},
    "time": {"tzset"},
}
"""What of the standard library sets something for the whole process."""

HARMLESS = frozenset({"logging", "print", "typing", "warnings", "abc", "dataclasses"})
"""Effects that the script has its own of, or that none of its steps could see."""


@dataclass(slots=True, eq=False)
class Effects:
    """What statements change, in the modules of one project."""

    resolver: Resolver
    _calls: dict[Global, frozenset[Entity]] = field(default_factory=dict)
    _known: dict[tuple[str, int], frozenset[Entity]] = field(default_factory=dict)
    _aliases: Aliases = field(init=False)

    def __post_init__(self) -> None:
        self._aliases = Aliases(self.resolver)

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
        changed: set[Entity] = set()
        settings: set[Entity] = set()
        spreads = False
        eager = [r for r in statement.scan.references if r.eager and r.role != "store"]
        for reference in eager:
            found = self._resolve(statement.module, reference)
            if found is None:
                continue
            mine = set(self._of_reference(statement.module, reference, found))
            settings |= mine if is_setting(found, reference) else set()
            changed |= mine
            own = Global(statement.module, reference.name)
            # What a loop does to its variable, it does to what it loops over.
            spreads |= own in mine and reference.name in statement.binds
            spreads |= reference.discarded and self._passes_on(found, reference)
        passed = self._globals(statement.module, eager) if spreads else set()
        if passed:
            # `random.shuffle(NAMES)` changes the names, not the process.
            changed = {e for e in changed if isinstance(e, Global)} | settings | passed
        if isinstance(node, cst.ClassDef):
            changed |= self._of_bases(statement)
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
                found = self._resolve(statement.module, reference)
                if found is not None and found.entity != entity:
                    return {found.entity, *self._aliased(found.entity)}
        return set()

    def _resolve(self, module: str, reference: Reference) -> Resolution | None:
        try:
            found = self.resolver.resolve_reference(module, reference)
        except TranspileError:
            return None  # It is reported if the statement turns out to be needed.
        entity = found.entity if found is not None else None
        # Calling a step builds it, and runs nothing.
        flows = isinstance(entity, Global) and is_flow_object(self.resolver, entity)
        return None if flows else found

    def _globals(self, module: str, references: list[Reference]) -> set[Entity]:
        found = [self._resolve(module, r) for r in references if not r.called]
        return {f.entity for f in found if f and isinstance(f.entity, Global)}

    def _of_reference(
        self, module: str, reference: Reference, found: Resolution
    ) -> Iterator[Entity]:
        entity = found.entity
        direct = found.used == len(reference.path)
        if reference.mutated:
            yield entity
        elif isinstance(entity, Global) and direct and reference.called:
            yield from self.of_call(entity)
            yield from self._of_object(entity)
            if reference.discarded or reference.decorator:
                yield from self._returned(entity)
        elif isinstance(entity, Global) and not direct:
            method = reference.path[-1]
            used_up = reference.discarded or reference.decorator
            # A method that is passed on, not called, counts as called.
            if method in MUTATORS or (used_up and method not in READERS):
                yield entity
        elif (
            isinstance(entity, (Global, External))
            and reference.discarded
            or reference.decorator
            and is_setting(found, reference)
        ):
            yield entity

    def _of_object(self, entity: Global) -> Iterator[Entity]:
        """Yield what calling an object changes that is no function or class by name."""
        if self._aliases.is_instance(entity):
            yield entity
        for other in self._aliased(entity):
            if isinstance(other, Global):
                yield other
                yield from self.of_call(other)
        # What it has as a default, or closed over.
        yield from self._aliases.of(entity)

    def _returned(self, entity: Global) -> Iterator[Entity]:
        """Yield the globals that a function returns, or parts of: `hooks[n].append`."""
        for node in self._definitions(entity):
            roots = {
                id(root_name(part.value))
                for part in walk(node)
                if isinstance(part, cst.Return) and part.value is not None
            }
            for statement in self._binders(entity):
                for reference in statement.scan.references:
                    if id(reference.nodes[0]) in roots and not reference.called:
                        found = self._resolve(statement.module, reference)
                        if found is not None and not self._definitions_of(found):
                            yield found.entity

    def _definitions_of(self, found: Resolution) -> bool:
        entity = found.entity
        return not isinstance(entity, Global) or bool(self._definitions(entity))

    def _passes_on(self, found: Resolution, reference: Reference) -> bool:
        """Whether a call may change its arguments."""
        match found.entity:
            case External(module=module):
                return module.partition(".")[0] not in HARMLESS
            case Builtin(name=name):
                return name in ("setattr", "delattr")
            case Global() as entity if found.used == len(reference.path):
                return any(map(changes_parameters, self._definitions(entity)))
        return False

    def _definitions(self, entity: Global) -> list[cst.FunctionDef | cst.ClassDef]:
        nodes = [s.node for s in self._binders(entity)]
        return [n for n in nodes if isinstance(n, (cst.FunctionDef, cst.ClassDef))]

    def _binders(self, entity: Global) -> tuple[Statement, ...]:
        return self.resolver.module(entity.module).binders.get(entity.name, ())

    def of_call(self, entity: Global) -> frozenset[Entity]:
        """Return what calling a function or class of the project changes."""
        if entity in self._calls:
            return self._calls[entity]
        self._calls[entity] = frozenset()  # What it says if it calls itself.
        changed: set[Entity] = set()
        for statement in self._binders(entity):
            if isinstance(statement.node, cst.FunctionDef):
                prefixes: tuple[str, ...] = (entity.name,)
            elif isinstance(statement.node, cst.ClassDef):
                prefixes = tuple(f"{entity.name}.{method}" for method in BUILDERS)
                changed |= self._of_bases(statement)
            else:
                continue
            for reference in statement.scan.references:
                inside = f"{reference.within}.".startswith
                if reference.eager or not any(inside(f"{p}.") for p in prefixes):
                    continue
                if reference.role in ("declare", "delete"):
                    changed.add(Global(statement.module, reference.name))
                    continue
                found = self._resolve(statement.module, reference)
                if found is not None and reference.role == "load":
                    changed |= set(
                        self._of_reference(statement.module, reference, found)
                    )
        kept = (e for e in changed if isinstance(e, Global))
        self._calls[entity] = frozenset(kept)
        return self._calls[entity]

    def _of_bases(self, statement: Statement) -> set[Entity]:
        """What making a subclass changes: its base, if that counts its subclasses."""
        node = statement.node
        changed: set[Entity] = set()
        if not isinstance(node, cst.ClassDef):
            return changed
        names = {id(root_name(a.value)) for a in (*node.bases, *node.keywords)}
        for reference in statement.scan.references:
            if id(reference.nodes[0]) not in names or not reference.eager:
                continue
            found = self._resolve(statement.module, reference)
            if found is None or not isinstance(found.entity, Global):
                continue
            for base in self._definitions(found.entity):
                if _counts_subclasses(base):
                    changed |= {found.entity, *self.of_call(found.entity)}
                elif isinstance(base, cst.ClassDef):
                    for inherited in self._binders(found.entity):
                        changed |= self._of_bases(inherited)
        return changed


def is_setting(found: Resolution, reference: Reference) -> bool:
    """Whether a reference is to something that sets the process up."""
    entity = found.entity
    if not isinstance(entity, External):
        return False
    member = entity.name or next(iter(reference.path[found.used :]), "")
    return member in SETTINGS.get(entity.module, ())


def added_to(node: cst.CSTNode) -> Iterator[str]:
    """Yield the name in `name += x`, which may change what another name stands for."""
    if isinstance(node, cst.SimpleStatementLine):
        small = node.body[0]
        if isinstance(small, cst.AugAssign) and isinstance(small.target, cst.Name):
            yield small.target.value


def _own(node: cst.CSTNode) -> Iterator[str]:
    if isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        yield node.name.value


def _counts_subclasses(node: cst.CSTNode) -> bool:
    """Whether a class, or metaclass, runs code when it gets a subclass."""
    if not isinstance(node, cst.ClassDef):
        return False
    methods = [n.name.value for n in node.body.body if isinstance(n, cst.FunctionDef)]
    if "__init_subclass__" in methods:
        return True
    meta = any(getattr(a.value, "value", "") == "type" for a in node.bases)
    return meta and ("__new__" in methods or "__init__" in methods)


def changes_parameters(node: cst.CSTNode, method: bool = False) -> bool:
    """Whether a function, or the making of an instance, changes an argument."""
    if isinstance(node, cst.ClassDef):
        return any(
            changes_parameters(n, True)
            for n in node.body.body
            if isinstance(n, cst.FunctionDef) and n.name.value in BUILDERS
        )
    if not isinstance(node, cst.FunctionDef):
        return False
    names = [p.name.value for p in parameters(node.params)][method:]
    return any(_changes(part, set(names)) for part in walk(node.body))


def _changes(node: cst.CSTNode, names: set[str]) -> bool:
    target: cst.CSTNode
    match node:
        case cst.AssignTarget(target=target) | cst.AugAssign(target=target):
            pass
        case cst.AnnAssign(target=target) | cst.Del(target=target):
            pass
        case cst.Expr(value=cst.Call(func=cst.Name(value="setattr"), args=[first, *_])):
            target = first.value
            return isinstance(target, cst.Name) and target.value in names
        case cst.Expr(value=cst.Call(func=cst.Attribute() as function)):
            if function.attr.value in READERS:
                return False
            target = function
        case _:
            return False
    root = root_name(target)
    return root is not None and root is not target and root.value in names
