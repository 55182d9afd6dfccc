"""What runs when something of the project is called: where its source stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst

from transpiler.frontend.checks import flow_decorators, is_flow_object
from transpiler.frontend.mentions import Reference
from transpiler.frontend.modules import Statement
from transpiler.frontend.resolve import Global, Resolver
from transpiler.frontend.scopes import last_name, parameters, walk
from transpiler.frontend.usages import Usage, usages_of, usages_of_call

BUILDERS = ("__init__", "__new__", "__post_init__", "__init_subclass__", "__set_name__")
"""Methods that run when an instance or a subclass is made."""

_QUIET = frozenset(
    {*BUILDERS, "__repr__", "__str__", "__hash__", "__eq__", "__class_getitem__"}
    | {"__getattr__", "__getattribute__", "__setattr__", "__call__"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """Code that runs as one: how it uses names, and which of them are globals."""

    statement: Statement
    usages: tuple[Usage, ...]
    references: dict[int, Reference]
    """The references to globals, by the identity of their names' nodes."""

    params: tuple[str, ...] = ()
    within: str = ""
    """The dotted name of the function; "" for a statement."""

    owner: type | None = None
    """The class whose method it is."""

    is_module: bool = False
    """Whether it runs when the module is imported."""

    is_loose: bool = False
    """Whether it binds what is called: then anything in it may run."""

    @property
    def receiver(self) -> str:
        """The name of the parameter that is the instance or the class."""
        return self.params[0] if self.owner and self.params else ""


@dataclass(slots=True, eq=False)
class Regions:
    """The source of what runs, in the modules of one project."""

    resolver: Resolver
    _calls: dict[Global, tuple[Region, ...]] = field(default_factory=dict)
    _methods: dict[tuple[type, str], tuple[Region, ...]] = field(default_factory=dict)
    _names: dict[type, frozenset[str]] = field(default_factory=dict)

    def at_once(self, statement: Statement) -> Region:
        """Return what runs when a statement does."""
        found = usages_of(statement.node, False)
        return Region(statement, found, _references(statement), is_module=True)

    def of_global(self, entity: Global) -> tuple[Region, ...]:
        """Return what may run when a global is called that is no class."""
        if entity not in self._calls:
            self._calls[entity] = ()
            if not is_flow_object(self.resolver, entity):
                self._calls[entity] = tuple(self._of_binder(entity))
        return self._calls[entity]

    def _of_binder(self, entity: Global) -> Iterator[Region]:
        for statement in self.binders(entity):
            found = [
                part
                for part in walk(statement.node)
                if isinstance(part, cst.FunctionDef) and part.name.value == entity.name
            ]
            if isinstance(statement.node, cst.ClassDef) or not found:
                # A lambda, a partial, another name: whatever it is made of may run.
                usages = usages_of(statement.node, True)
                yield Region(statement, usages, _references(statement), is_loose=True)
                continue
            for node in found[:1] if found[0] is statement.node else found:
                flows = flow_decorators(self.resolver, statement)
                around = [
                    usage
                    for decorator in node.decorators
                    if decorator not in flows
                    for usage in usages_of(decorator, True)
                ]
                yield Region(
                    statement,
                    (*around, *usages_of_call(node)),
                    _references(statement),
                    _parameters(node),
                    node.name.value,
                )

    def binders(self, entity: Global) -> tuple[Statement, ...]:
        """Return the statements that bind a global."""
        return self.resolver.module(entity.module).binders.get(entity.name, ())

    def methods(self, kind: type, name: str) -> tuple[Region, ...]:
        """Return what runs when a method is called: the class's and its bases'."""
        key = (kind, name)
        if key not in self._methods:
            self._methods[key] = tuple(self._find(kind, name))
        return self._methods[key]

    def names(self, kind: type) -> frozenset[str]:
        """Return the names of the methods that a class has from the project."""
        if kind not in self._names:
            self._names[kind] = frozenset(
                part.name.value
                for one in self.ours(kind)
                for _, node in self._source(one)
                for part in node.body.body
                if isinstance(part, cst.FunctionDef)
            )
        return self._names[kind]

    def operators(self, kind: type, iterated: bool = False) -> list[str]:
        """Return the methods that operators, loops and `with` call, or loops only."""
        found = {"__iter__", "__next__"} if iterated else self.names(kind)
        return sorted(
            name
            for name in found & self.names(kind)
            if name.startswith("__") and name not in _QUIET
        )

    def ours(self, kind: type) -> list[type]:
        """Return a class of the project and those of its bases that are, too."""
        return [k for k in kind.__mro__ if self.is_ours(k)]

    def is_ours(self, kind: type) -> bool:
        """Whether a class is the project's."""
        name = getattr(kind, "__module__", None)
        return isinstance(name, str) and self.resolver.project.is_first_party(name)

    def _find(self, kind: type, name: str) -> Iterator[Region]:
        for one in self.ours(kind):
            for statement, node in self._source(one):
                for part in node.body.body:
                    if isinstance(part, cst.FunctionDef) and part.name.value == name:
                        yield Region(
                            statement,
                            usages_of_call(part),
                            _references(statement),
                            _parameters(part),
                            f"{one.__qualname__}.{name}",
                            None if _is_static(part) else kind,
                        )

    def _source(self, kind: type) -> Iterator[tuple[Statement, cst.ClassDef]]:
        module, path = kind.__module__, kind.__qualname__.split(".")
        if not self.resolver.is_source(module):
            return
        for statement in self.resolver.module(module).binders.get(path[0], ()):
            node: cst.CSTNode | None = statement.node
            for name in path[1:]:
                body = node.body.body if isinstance(node, cst.ClassDef) else ()
                inner = (n for n in body if isinstance(n, cst.ClassDef))
                node = next((n for n in inner if n.name.value == name), None)
            if isinstance(node, cst.ClassDef):
                yield statement, node


def _references(statement: Statement) -> dict[int, Reference]:
    return {id(r.nodes[0]): r for r in statement.scan.references}


def _is_static(node: cst.FunctionDef) -> bool:
    return any(last_name(d.decorator) == "staticmethod" for d in node.decorators)


def _parameters(node: cst.FunctionDef) -> tuple[str, ...]:
    return tuple(param.name.value for param in parameters(node.params))
