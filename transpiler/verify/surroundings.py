"""What a run takes from its surroundings: a state, a clock, the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import FunctionType
from typing import Any

from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given, Let, is_variable
from transpiler.ir.walk import expressions, nodes
from transpiler.verify.leaves import MANY, UNKNOWN_LIMITS, leaf_key, many_of
from transpiler.verify.looks import fields_looked_at
from transpiler.verify.run import START


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a run takes from its surroundings besides leaves.

    `variables` are those of the environment that it reads; `looped` are the attributes
    of the state that loops are decided by; `begin` is when a run starts, in seconds
    since 1970: before the deadlines that are known. `looked` are the attributes that
    the author's expressions read, each with the constants that it may be compared
    with; `many` is how many elements are more than may be worked on at once.
    """

    variables: tuple[str, ...] = ()
    looped: frozenset[str] = field(default_factory=frozenset)
    begin: float = START
    looked: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    many: int = MANY


def surroundings_of(workflow: ir.Workflow) -> Surroundings:
    """Return what a workflow takes from its surroundings."""
    looped: set[str] = set()
    for node in nodes(workflow.step):
        if isinstance(node, ir.While):
            for inner in nodes(node.predicate):
                if isinstance(inner, ir.Call):
                    fn = inner.function.fn
                    if (
                        isinstance(fn, FunctionType)
                        and leaf_key(inner.function) is None
                    ):
                        looped |= set(fn.__code__.co_names)
    return Surroundings(
        _variables(workflow),
        frozenset(looped),
        _begin(workflow),
        fields_looked_at(workflow),
        max((many_of(node)[0] for node in nodes(workflow.step)), default=MANY),
    )


def _begin(workflow: ir.Workflow) -> float:
    moments = []
    for node in nodes(workflow.step):
        if isinstance(node, ir.WithDeadline):
            match node.when:
                case Given(value=when) | Let(value=Given(value=when)):
                    moments.append(when.timestamp() - UNKNOWN_LIMITS[-1])
    return min(moments, default=START)


def _variables(workflow: ir.Workflow) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for each in (*workflow.lets, *expressions(workflow.step)):
        if isinstance(each, Let) and is_variable(each) and each.value.source:
            name = each.value.source.names["name"]
            if isinstance(name, Given):
                found[name.value] = None
    return tuple(found)
