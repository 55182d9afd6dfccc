"""What states are called, and of which type they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from inspect import signature
from typing import Any

from transpiler.flow.accept import state_type_of
from transpiler.frontend.callables import parameter_annotation, returned_argument
from transpiler.frontend.spelling import spell_source
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Source
from transpiler.ir.walk import children
from transpiler.lowering.scope import UNKNOWN, Scope
from transpiler.lowering.unit import Unit
from transpiler.script.names import identifier


def state_leaf(part: object) -> tuple[str, ir.Function | None]:
    """Return the name that the first leaf gives the state, and that leaf's function.

    Of lambdas alone the first one gives the name. Only leaves that get this state
    count, not those of a child state inside.
    """
    of_lambda = None
    for node in _of_this_state(part):
        names = list(signature(node.function.fn).parameters)
        if names and node.function.name != "<lambda>":
            return names[0], node.function
        if names and not node.arguments:
            of_lambda = of_lambda or names[0]
    if of_lambda is not None:
        return of_lambda, None
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


def typed_leaf(part: object) -> tuple[str, ir.Function] | None:
    """Return the state's name and function of the leaf that says most of its type.

    That is the first one which says anything, or one that takes a subclass of that.
    """
    found: tuple[str, ir.Function] | None = None
    known: type[Any] | None = None
    seen = set()
    for node in _of_this_state(part):
        function = node.function
        if function.fn in seen or function.name == "<lambda>":
            continue
        seen.add(function.fn)
        name = next(iter(signature(function.fn).parameters), None)
        if name is None or parameter_annotation(function.fn, name) is None:
            continue
        kind = state_type_of(function.fn)
        narrower = kind and known and kind is not known and issubclass(kind, known)
        if found is None or narrower:
            found, known = (name, function), kind
    return found


def state_of(part: object, unit: Unit) -> tuple[str, str]:
    """Return what a workflow's state wants to be called, and its type in the script."""
    name, kind = child_of(part, unit)
    declared = declared_type(unit.workflow)
    if not kind and declared is not None:
        kind = unit.rename(spell_source(declared), {})
    return name, kind or unit.need("typing", "Any")


def declared_type(workflow: ir.Workflow) -> Source | None:
    """Return S as written if the entry point says that it returns `flow.Step[S]`."""
    return returned_argument(workflow.function.fn) if workflow.function else None


def child_of(part: object, unit: Unit) -> tuple[str, str]:
    """Return what a child state wants to be called, and its type if that is known."""
    name, _ = state_leaf(part)
    typed = typed_leaf(part)
    annotation = parameter_annotation(typed[1].fn, typed[0]) if typed else None
    if annotation is None:
        return name, ""
    return name, unit.rename(spell_source(annotation), {})


def name_of_type(text: str) -> str:
    """Return a type's name in snake case, for a state whose own name is taken.

    >>> name_of_type("models.DatabaseSpec")
    'database_spec'
    """
    return identifier(text.rpartition(".")[2].partition("[")[0])


INNER = "inner_"
"""How the name of a state begins that is derived from another one of that name."""


def child_scope(step: ir.Step, scope: Scope) -> Scope:
    """Return the scope of the steps on a child state, with a variable for it."""
    name, kind = child_of(step, scope.unit)
    if kind.isidentifier() and not (scope.is_free(name) and scope.suits(name, kind)):
        name = name_of_type(kind)
    if not scope.serves(name, kind or UNKNOWN):
        # Inside of another state of that name; or a function is called that.
        word = INNER if scope.names.is_taken(name) else "this_"
        if scope.serves(f"{word}{name}", kind or UNKNOWN):
            name = f"{word}{name}"
    name = scope.fresh(name, kind or UNKNOWN)
    return replace(scope, state=name, state_type=kind)
