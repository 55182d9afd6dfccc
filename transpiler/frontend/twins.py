"""Definitions of several modules which are one and the same thing in a script."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import libcst as cst

from transpiler.frontend.modules import Statement
from transpiler.frontend.reach import Reach
from transpiler.frontend.resolve import Entity, Fact, Global
from transpiler.frontend.scopes import last_name

_FACTORIES = frozenset({"getLogger", "TypeVar", "ParamSpec", "TypeVarTuple"})


@dataclass(slots=True)
class Twins:
    """`dropped` are the statements to leave out, `same` the names that merge."""

    dropped: set[tuple[str, int]] = field(default_factory=set)
    same: dict[Entity, Entity] = field(default_factory=dict)


def same_things(reach: Reach, kept: Iterable[Statement]) -> Twins:
    """Find `log = logging.getLogger(__name__)` and type variables said twice.

    A script has one `__name__`, hence one logger of that name; and type variables are
    only told apart by type checkers, for which the second would need another name.
    """
    twins = Twins()
    first: dict[tuple[object, ...], Entity] = {}
    for statement in kept:
        key = _identity(reach, statement)
        if key is None:
            continue
        entity = Global(statement.module, next(iter(statement.binds)))
        if len(reach.resolver.module(entity.module).binders[entity.name]) > 1:
            continue
        known = first.setdefault(key, entity)
        if known != entity:
            twins.dropped.add((statement.module, statement.index))
            twins.same[entity] = known
    return twins


def _identity(reach: Reach, statement: Statement) -> tuple[object, ...] | None:
    node = statement.node
    if not isinstance(node, cst.SimpleStatementLine) or len(statement.binds) != 1:
        return None
    small = node.body[0]
    if not isinstance(small, (cst.Assign, cst.AnnAssign)):
        return None
    call = small.value
    if not isinstance(call, cst.Call) or last_name(call.func) not in _FACTORIES:
        return None
    uses = reach.uses[statement.module, statement.index]
    meanings = tuple(
        (
            Fact("", u.resolution.entity.name)
            if isinstance(u.resolution.entity, Fact)
            else u.resolution.entity
        )
        for u in uses
        if u.reference.role == "load"
    )
    text = cst.Module([]).code_for_node(small)
    return (text, *meanings)
