"""Scopes: what a piece of source binds, and where a name that it reads is looked up."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from functools import cache
from typing import Literal, NamedTuple, TypeVar, cast

import libcst as cst

ImportNode = cst.Import | cst.ImportFrom
_Tree = TypeVar("_Tree", bound=cst.CSTNode)


@dataclass(frozen=True, slots=True, eq=False)
class LocalImport:
    """One name that an import statement inside a function (or class) binds."""

    statement: ImportNode
    alias: cst.ImportAlias
    bound: str
    sole: bool
    """Whether nothing else in the scope binds the name."""


@dataclass(slots=True, eq=False)
class Scope:
    """A scope and what it binds. In a class, `seen` is what is bound so far."""

    kind: Literal["module", "class", "function", "types"]
    parent: Scope | None = None
    class_name: str = ""
    bound: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    imports: dict[str, LocalImport] = field(default_factory=dict)

    def lookup(self, name: str) -> Scope | None:
        """Return the scope that a name read here belongs to; None for the module's."""
        scope: Scope | None = self
        direct = True
        while scope is not None and scope.kind != "module":
            if name in scope.declared:
                return None
            visible = scope.seen if scope.kind == "class" else scope.bound
            hidden = scope.kind == "class" and not direct
            if name in visible and name not in scope.outer and not hidden:
                return scope
            direct = direct and scope.kind == "types"
            scope = scope.parent
        return None

    def shadows(self) -> frozenset[str]:
        """Return every name that would not reach the module from here."""
        names: set[str] = set()
        scope: Scope | None = self
        direct = True
        while scope is not None and scope.kind != "module":
            if scope.kind != "class" or direct:
                names |= scope.bound - scope.declared
            direct = direct and scope.kind == "types"
            scope = scope.parent
        return frozenset(names)


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set."""
    return frozenset(text.split())


_SKIPPED = words(
    "lpar rpar lbracket rbracket lbrace rbrace comma semicolon colon equal dot indent"
    " newline comment header footer leading_lines lines_after_decorators operator star"
    " trailing_whitespace asynchronous keyword tilde default_indent"
)


@cache
def _fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    names = [f.name for f in fields(kind)]
    return tuple(n for n in names if n not in _SKIPPED and "whitespace" not in n)


def children(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield the children that carry meaning, in the order of the source."""
    for name in _fields(type(node)):
        value = getattr(node, name)
        if isinstance(value, cst.CSTNode):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from (item for item in value if isinstance(item, cst.CSTNode))


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield a node and everything below it that carries meaning."""
    yield node
    for child in children(node):
        yield from walk(child)


def plain_names(tree: _Tree, text: str) -> _Tree:
    """Return the tree of a text with every name as Python reads it: in NFKC."""
    if text.isascii() or unicodedata.is_normalized("NFKC", text):
        return tree
    return cast(_Tree, tree.visit(_PlainNames()))


class _PlainNames(cst.CSTTransformer):
    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        name = unicodedata.normalize("NFKC", updated_node.value)
        return updated_node.with_changes(value=name)


def root_name(node: cst.CSTNode) -> cst.Name | None:
    """Return the `x` of `x.a[0].b()`, whatever the chain is made of."""
    while True:
        match node:
            case cst.Name():
                return node
            case cst.Attribute(value=inner) | cst.Subscript(value=inner):
                node = inner
            case cst.Call(func=inner):
                node = inner
            case cst.Await(expression=inner):
                node = inner
            case _:
                return None


def last_name(node: cst.CSTNode) -> str:
    """Return `c` for `a.b.c` and for `c`; "" for anything else."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def checked_branch(node: cst.If) -> cst.CSTNode | None:
    """Return the branch of a condition that only type checkers see, if there is one."""
    match node.test:
        case cst.UnaryOperation(operator=cst.Not(), expression=inner):
            return node.orelse if last_name(inner) == "TYPE_CHECKING" else None
        case test:
            return node.body if last_name(test) == "TYPE_CHECKING" else None


def checked_only(node: cst.CSTNode) -> frozenset[int]:
    """Return the identities of the imports that only type checkers see."""
    found: set[int] = set()
    for part in walk(node):
        unseen = checked_branch(part) if isinstance(part, cst.If) else None
        for inner in walk(unseen) if unseen is not None else ():
            if isinstance(inner, (cst.Import, cst.ImportFrom)):
                found.add(id(inner))
    return frozenset(found)


def dotted(node: cst.CSTNode | None) -> str:
    """Return the text of a dotted name; "" for anything else."""
    if isinstance(node, cst.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr.value}" if base else ""
    return node.value if isinstance(node, cst.Name) else ""


def target_names(node: cst.CSTNode) -> Iterator[cst.Name]:
    """Yield the names that an assignment to `node` binds."""
    match node:
        case cst.Name():
            yield node
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            for element in elements:
                yield from target_names(element.value)
        case cst.StarredElement(value=value) | cst.AsName(name=value):
            yield from target_names(value)


def field_names(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield the names of fields in `{"a": int}` and `[("a", int)]`: no types."""
    if isinstance(node, cst.Dict):
        yield from (e.key for e in node.elements if isinstance(e, cst.DictElement))
    elif isinstance(node, (cst.List, cst.Tuple)):
        for element in node.elements:
            if isinstance(element.value, cst.Tuple) and element.value.elements:
                yield element.value.elements[0].value


def alias_bound(alias: cst.ImportAlias, plain: bool) -> str:
    """Return the name that one part of an import statement binds."""
    if alias.asname is not None:
        return last_name(alias.asname.name)
    name = dotted(alias.name)
    return name.partition(".")[0] if plain else name


class Bound(NamedTuple):
    """A name that a piece of source binds in the scope that it stands in."""

    name: str
    node: cst.CSTNode
    how: Literal["name", "import", "global", "nonlocal"]
    statement: ImportNode | None = None


def bindings(node: cst.CSTNode) -> Iterator[Bound]:
    """Yield what a piece of source binds in the scope that it stands in."""
    inside: Iterable[cst.CSTNode]
    match node:
        case cst.FunctionDef():
            yield Bound(node.name.value, node.name, "name")
            inside = (*node.decorators, node.params)
        case cst.ClassDef():
            yield Bound(node.name.value, node.name, "name")
            inside = (*node.decorators, *node.bases, *node.keywords)
        case cst.Lambda(params=params):
            inside = (params,)
        case cst.Param(default=default):
            inside = (default,) if default is not None else ()
        case cst.CompFor():
            inside = (node.iter, *node.ifs, *filter(None, [node.inner_for_in]))
        case cst.Import() | cst.ImportFrom():
            if not isinstance(node.names, cst.ImportStar):
                for alias in node.names:
                    name = alias_bound(alias, isinstance(node, cst.Import))
                    yield Bound(name, alias, "import", node)
            inside = ()
        case cst.Global(names=names):
            yield from (Bound(n.name.value, n.name, "global") for n in names)
            inside = ()
        case cst.Nonlocal(names=names):
            yield from (Bound(n.name.value, n.name, "nonlocal") for n in names)
            inside = ()
        case _:
            yield from (Bound(n.value, n, "name") for n in bound_directly(node))
            inside = children(node)
    for child in inside:
        yield from bindings(child)


def bound_directly(node: cst.CSTNode) -> Iterator[cst.Name]:
    """Yield the names that a node binds itself, leaving what it contains aside."""
    match node:
        case cst.AssignTarget(target=target) | cst.AugAssign(target=target):
            yield from target_names(target)
        case cst.AnnAssign(target=target) | cst.NamedExpr(target=target):
            yield from target_names(target)
        case cst.For(target=target) | cst.Del(target=target):
            yield from target_names(target)
        case cst.WithItem(asname=cst.AsName() as asname):
            yield from target_names(asname)
        case cst.ExceptHandler(name=cst.AsName() as asname):
            yield from target_names(asname)
        case cst.ExceptStarHandler(name=cst.AsName() as asname):
            yield from target_names(asname)
        case cst.MatchAs(name=cst.Name() as name):
            yield name
        case cst.MatchStar(name=cst.Name() as name):
            yield name
        case cst.MatchMapping(rest=cst.Name() as name):
            yield name
        case cst.TypeAlias(name=name):
            yield name


def parameters(params: cst.Parameters) -> Iterator[cst.Param]:
    """Yield every parameter of a function, in order."""
    yield from params.posonly_params
    yield from params.params
    if isinstance(params.star_arg, cst.Param):
        yield params.star_arg
    yield from params.kwonly_params
    if params.star_kwarg is not None:
        yield params.star_kwarg


def mangled(name: str, class_name: str) -> str:
    """Return what the compiler makes of a private name inside a class."""
    if not class_name or not name.startswith("__") or name.endswith("__"):
        return name
    owner = class_name.lstrip("_")
    return f"_{owner}{name}" if owner else name


def open_scope(
    kind: Literal["class", "function"],
    parent: Scope,
    body: Iterable[cst.CSTNode],
    class_name: str = "",
) -> Scope:
    """Return the scope of a body, with all that its statements bind."""
    scope = Scope(kind, parent, class_name or parent.class_name)
    counts: dict[str, int] = {}
    imports: dict[str, LocalImport] = {}
    for found in (bound for node in body for bound in bindings(node)):
        name = mangled(found.name, scope.class_name)
        if found.how == "global":
            scope.declared.add(name)
        elif found.how == "nonlocal":
            scope.outer.add(name)
        else:
            scope.bound.add(name)
            counts[name] = counts.get(name, 0) + 1
        if found.statement is not None:
            assert isinstance(found.node, cst.ImportAlias)
            imports[name] = LocalImport(found.statement, found.node, name, True)
    for name, local in imports.items():
        sole = counts[name] == 1 and name not in scope.declared
        scope.imports[name] = replace(local, sole=sole)
    return scope
