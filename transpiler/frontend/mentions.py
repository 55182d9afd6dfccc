"""What a scan of the source finds: references to globals, and how each is used."""

from __future__ import annotations

import collections.abc
import typing
from dataclasses import dataclass
from typing import Literal

import libcst as cst

from transpiler.frontend.scopes import LocalImport, Scope

Role = Literal["load", "store", "delete", "declare", "import"]
StringNode = cst.SimpleString | cst.ConcatenatedString

GENERIC_NAMES = frozenset(
    {"list", "dict", "tuple", "set", "frozenset", "type", "defaultdict", "deque"}
    | {name for name in typing.__all__ if name[0].isupper()}
    | set(collections.abc.__all__)
)
"""Names whose subscripts are types, so that a string in one is a forward reference."""

FACTORIES = frozenset({"TypeVar", "NewType", "NamedTuple", "TypedDict"})
"""Calls whose arguments hold types, as strings too."""


@dataclass(frozen=True, slots=True, eq=False)
class StringAnnotation:
    """A string that holds a type, and the expression parsed from it."""

    node: StringNode
    expression: cst.BaseExpression


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """One mention of a global, or of a name that a local import binds.

    `nodes[0]` is the name and `nodes[i]` the access `name.path[0]...path[i-1]` around
    it. `eager`: evaluated while the module is imported. `within` is the dotted
    name of the definition whose body it stands in.
    """

    name: str
    path: tuple[str, ...]
    nodes: tuple[cst.CSTNode, ...]
    role: Role
    scope: Scope
    eager: bool = False
    annotation: bool = False
    checking: bool = False
    """Whether it stands where only type checkers look: `if TYPE_CHECKING:`."""

    within: str = ""
    called: bool = False
    assigned: bool = False
    """Whether the whole dotted name is what a statement assigns to or deletes."""

    local: LocalImport | None = None
    string: StringAnnotation | None = None
    debug: cst.FormattedStringExpression | None = None
    """The `{name=}` that it stands in, which prints the text of the expression."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What was found in a piece of source."""

    references: tuple[Reference, ...]
    local_imports: tuple[LocalImport, ...]
    binds: frozenset[str]
    """Global names that it binds where it stands, not in function bodies."""

    declares: frozenset[str]
    """Global names that functions in it rebind, by `global`."""
