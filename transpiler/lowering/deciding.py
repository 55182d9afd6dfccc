"""Handler functions: an except branch with the author's statements, or a function."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import replace

import libcst as cst

from transpiler.frontend.handler_parts import (
    Compound,
    Returned,
    handler_parts,
)
from transpiler.frontend.handlers import (
    HandlerText,
    handler_globals,
    handler_text,
)
from transpiler.frontend.scopes import walk
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import (
    Computed,
    Expression,
    Given,
    Item,
    Let,
    items_of,
)
from transpiler.ir.walk import nodes
from transpiler.lowering.forms import (
    Parts,
    branch_form,
    function_form,
    levels,
    simplified,
)
from transpiler.lowering.lift import (
    annotation_of,
    free_items,
    limit_of,
    limit_parameter,
    used_expressions,
    within_limit,
)
from transpiler.lowering.outcomes import Writer
from transpiler.lowering.scope import CAUGHT, DEEPEST, UNKNOWN, Scope
from transpiler.lowering.unit import Unit
from transpiler.script.model import Block, Body, Function, Line
from transpiler.script.names import Names, identifier

WIDTH = 88
EMPTY: Mapping[str, str] = {}


def lower_decision(
    node: ir.HandlerFunction, scope: Scope, error: str
) -> tuple[str, Body]:
    """Lower a handler function to an except branch: what it calls the error, its body.

    It bears the name `error` if there is one, else the author's. Where the statements
    can't stand in the branch, they are a function that it calls.
    """
    wanted = node.items[1].name
    variable = error or scope.yielding(wanted, CAUGHT)
    scope.names.take(variable)
    scope.kinds[variable] = CAUGHT
    branch = scope.deeper(1)
    body = _in_place(node, branch, variable)
    used = bool(error) or _mentions_error(node)
    if body is None:
        body, used = _called(node, branch, variable), True
    scope.names.release(variable)
    return variable if used else "", body


def _mentions_error(node: ir.HandlerFunction) -> bool:
    """Whether the script's branch reads the error."""
    _, error, *_ = node.items
    return handler_text(node).mentions(error.name) or any(
        error in _needed(expression)
        for outcome in node.outcomes
        for expression in (
            *(let.value for let in outcome.lets),
            *used_expressions(outcome.step),
        )
    )


def _needed(expression: Expression) -> frozenset[Item | Let]:
    """Return the items that the text of an expression reads."""
    if not isinstance(expression, Computed):
        return items_of(expression)
    source = expression.source
    read = (x for name, x in source.names.items() if name in source.reads)
    return frozenset().union(*map(_needed, read))


# In the except branch


def _in_place(node: ir.HandlerFunction, scope: Scope, error: str) -> Body | None:
    """Return the statements as they stand in an except branch, if they can."""
    text = handler_text(node)
    if (
        _uses(node, scope) > 1
        or _deciding(node)
        or any(n in scope.kinds or not scope.is_free(n) for n in text.bound)
        or not _may_stand_in_branch(text, node, scope)
    ):
        return None
    names = {n: n for n in text.bound}
    inside = _with_items(node, scope, scope.state, error, names)
    form = branch_form(_parts(node, inside))
    if form is None:
        return None
    form = simplified(form, _nothings(node))
    if scope.depth + levels(form) > DEEPEST or _repeats(form):
        return None
    for name in text.bound:
        scope.fresh(name, UNKNOWN)
    return Writer(node).body(form, inside)


def _uses(node: ir.HandlerFunction, scope: Scope) -> int:
    """Return in how many places of the workflow a handler function is used."""
    return len(
        {
            id(part)
            for part in nodes(scope.unit.workflow.step)
            if isinstance(part, ir.OnError)
            for handler in part.handlers
            if isinstance(handler, ir.HandlerFunction) and handler.items == node.items
        }
    )


def _deciding(node: ir.HandlerFunction) -> dict[str, Expression]:
    """Return the known values around a handler that its statements decide by.

    Written out, they would make tests such as `if 3 > 1`.
    """
    known = {
        name: value
        for name, value in (*node.captured, *node.defaults)
        if name in node.reads and isinstance(value, Given)
    }
    tested = {
        name.value
        for part in walk(handler_text(node).function.body)
        if isinstance(part, (cst.If, cst.While, cst.IfExp))
        for name in walk(part.test)
        if isinstance(name, cst.Name)
    }
    return {name: value for name, value in known.items() if name in tested}


def _may_stand_in_branch(
    text: HandlerText, node: ir.HandlerFunction, scope: Scope
) -> bool:
    """Whether statements mean the same in an except branch, and linters like them."""
    lines = cst.Module([]).code_for_node(text.function).splitlines()
    if any(len(line) + 4 * scope.depth > WIDTH and "#" in line for line in lines):
        return False
    caught = {id(x) for h in walk(text.function) if _is_caught(h) for x in walk(h)}
    for part in walk(text.function.body):
        match part:
            case cst.FunctionDef() | cst.ClassDef():
                return False
            case cst.Raise(exc=cst.Name(value=name)) if name == node.items[1].name:
                pass
            case cst.Raise(exc=exc, cause=None) if exc and id(part) not in caught:
                # There a new error would want its cause, which changes it.
                return False
    return True


def _is_caught(node: cst.CSTNode) -> bool:
    return isinstance(node, (cst.ExceptHandler, cst.ExceptStarHandler))


def _repeats(parts: Parts) -> bool:
    """Whether one of two neighbouring branches does just what the other does."""
    for part in parts:
        if isinstance(part, Compound):
            bodies = [clause.body for clause in part.clauses]
            alike = zip(bodies[1:], bodies, strict=False)
            if any(map(_repeats, bodies)) or any(_alike(*pair) for pair in alike):
                return True
    return False


def _alike(one: Parts, other: Parts) -> bool:
    said = [
        [replace(p, outcome=0) if isinstance(p, Returned) else p for p in parts]
        for parts in (one, other)
    ]
    return said[0] == said[1]


# In a function of its own


def _called(node: ir.HandlerFunction, scope: Scope, error: str) -> Body:
    """Return the call of a function that has the statements."""
    unit = scope.unit
    free = free_items(node)
    key = (node.items, scope.limit is not None)
    if key not in unit.lifted:
        is_lambda = node.name == "<lambda>"
        wanted = "handle_error" if is_lambda else identifier(node.name)
        name = unit.lifted[key] = unit.fresh(wanted)
        if _write_function(node, scope, name, free):
            unit.limited.add(name)
    name = unit.lifted[key]
    given = [scope.state, error, *(scope.variables[item] for item in free)]
    given += map(scope.write, _deciding(node).values())
    given += limit_of(scope, name in unit.limited)
    scope.take_time()
    return (Block((Line(f"{name}({', '.join(given)})"),)),)


def _write_function(
    node: ir.HandlerFunction, scope: Scope, name: str, free: list[Item | Let]
) -> bool:
    """Write a handler's function; return whether it asks the time limit."""
    unit = scope.unit
    kind = scope.state_type or unit.need("typing", "Any")
    inside = Scope(unit, "", kind, Names())
    state, error = (inside.fresh(item.name) for item in node.items[:2])
    parameters = [f"{state}: {kind}", f"{error}: Exception"]
    for item in free:
        inside = inside.bind(item)
        annotation = annotation_of(item, node, unit)
        parameters.append(f"{inside.variables[item]}: {annotation}")
    deciding = {}
    for wanted, value in _deciding(node).items():
        deciding[wanted] = inside.fresh(wanted)
        parameters.append(f"{deciding[wanted]}: {_kind_of(value, unit)}")
    names = {n: inside.fresh(n) for n in handler_text(node).bound}
    inside = _with_items(node, inside, state, error, names)
    inside = within_limit(inside, scope, False)
    parts = _parts(node, inside, deciding)
    nothings = _nothings(node)
    form = simplified(function_form(parts, nothings), nothings)
    body = Writer(node).body(form, inside)
    parameters += limit_parameter(inside)
    doc = "" if node.name == "<lambda>" else inspect.getdoc(node.fn) or ""
    unit.functions.append(Function(name, tuple(parameters), doc, body))
    return inside.asked > 0


def _kind_of(value: Expression, unit: Unit) -> str:
    """Return the type of a parameter for a value around a handler."""
    if isinstance(value, Given) and type(value.value) in (bool, int, float, str):
        return type(value.value).__name__
    return unit.need("typing", "Any")


# Both


def _with_items(
    node: ir.HandlerFunction,
    scope: Scope,
    state: str,
    error: str,
    names: dict[str, str],
) -> Scope:
    """Return the scope of a handler's statements, with variables for its items."""
    first, second, *local = node.items
    variables = {**scope.variables, first: state, second: error}
    variables |= {item: names.get(item.name, item.name) for item in local}
    return replace(scope, state=state, variables=variables)


def _parts(
    node: ir.HandlerFunction, scope: Scope, deciding: Mapping[str, str] = EMPTY
) -> Parts:
    """Return a handler's statements with the names that things have in the script.

    `deciding` has those of the values around it that are parameters.
    """
    names = {item.name: scope.variables[item] for item in node.items}
    for name, value in (*node.captured, *node.defaults):
        if name in node.reads:
            names[name] = deciding.get(name) or scope.write(value)
    found = {name: scope.unit.name_of(m, name) for m, name in handler_globals(node)}
    return handler_parts(node, names, found)


def _nothings(node: ir.HandlerFunction) -> frozenset[int]:
    """Return the outcomes that nothing is to be done about."""
    return frozenset(i for i, x in enumerate(node.outcomes) if x.step is None)
