"""What states are called, and of which type they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from inspect import signature

from transpiler.frontend.callables import parameter_annotation
from transpiler.frontend.spelling import spell_source
from transpiler.ir import nodes as ir
from transpiler.ir.walk import children
from transpiler.lowering.scope import UNKNOWN, Scope
from transpiler.lowering.unit import Unit
from transpiler.script.names import identifier


def state_leaf(part: object) -> tuple[str, ir.Function | None]:
    """Return the name that the first leaf gives the state, and that leaf's function.

    Only leaves that get this state count, not those of a child state inside.
    """
    for node in _of_this_state(part):
        names = list(signature(node.function.fn).parameters)
        if names and node.function.name != "<lambda>":
            return names[0], node.function
    return "state", None


def _of_this_state(part: object) -> Iterator[ir.Call]:
    if isinstance(part, ir.Call):
        yield part
    if isinstance(part, (ir.Spawn, ir.Using)):
        inner = part.derive if isinstance(part, ir.Spawn) else part.resource
        yield from _of_this_state(inner)
    elif not isinstance(part, ir.Call):
        for child in children(part):
            yield from _of_this_state(child)


def state_of(part: object, unit: Unit) -> tuple[str, str]:
    """Return what a part's state wants to be called, and its type in the script."""
    name, kind = child_of(part, unit)
    return name, kind or unit.need("typing", "Any")


def child_of(part: object, unit: Unit) -> tuple[str, str]:
    """Return what a child state wants to be called, and its type if that is known."""
    name, function = state_leaf(part)
    annotation = parameter_annotation(function.fn, name) if function else None
    if annotation is None:
        return name, ""
    return name, unit.rename(spell_source(annotation), {})


def name_of_type(text: str) -> str:
    """Return a type's name in snake case, for a state whose own name is taken.

    >>> name_of_type("models.DatabaseSpec")
    'database_spec'
    """
    return identifier(text.rpartition(".")[2].partition("[")[0])


def child_scope(step: ir.Step, scope: Scope) -> Scope:
    """Return the scope of the steps on a child state, with a variable for it."""
    name, kind = child_of(step, scope.unit)
    if kind.isidentifier() and not (scope.is_free(name) and scope.suits(name, kind)):
        name = name_of_type(kind)
    name = scope.fresh(name, kind or UNKNOWN)
    return replace(scope, state=name, state_type=kind)
