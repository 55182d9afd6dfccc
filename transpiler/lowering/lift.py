"""Functions of their own: for branches of threads, for depth, for what has a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from transpiler.frontend.callables import constructor_of, parameter_annotation
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import (
    Computed,
    Expression,
    Given,
    Item,
    Let,
    is_variable,
    items_of,
)
from transpiler.ir.walk import children, nodes
from transpiler.lowering.function_names import MORE, suggested_names
from transpiler.lowering.limited import Limit
from transpiler.lowering.scope import Scope
from transpiler.lowering.states import INNER
from transpiler.lowering.unit import Unit
from transpiler.script.model import Block, Body, Function, Line, With
from transpiler.script.names import Names, identifier


def lift_step(step: ir.Step, scope: Scope) -> tuple[str, list[str]]:
    """Make a function of a step; return its name and what to call it with.

    It takes the state, and the items and lets around it that it uses. A constructor's
    step becomes one function, however often it is used.
    """
    if isinstance(step, ir.Composite) and step.parameters:
        given = [scope.write(argument) for _, argument in step.arguments]
        given += [scope.variables[item] for item in free_items(step.step, step)]
        name, asks = _shared(step, scope)
        return name, [scope.state, *given, *limit_of(scope, asks)]
    free = [x for x in free_items(step) if scope.variables[x] != scope.state]
    name = scope.unit.first_free(*_wanted_names(step, free, scope.unit))
    inside, parameters = _scope_of(free, step, scope)
    inside = within_limit(inside, scope, scope.in_time)
    body = scope.unit.lower(step, inside)
    doc = _doc(step)
    parameters += limit_parameter(inside)
    scope.unit.functions.append(Function(name, parameters, doc, body))
    given = [scope.variables[item] for item in free]
    limit = limit_of(scope, inside.asked > 0)
    scope.take_time(inside.in_time)
    return name, [scope.state, *given, *limit]


def _wanted_names(step: ir.Step, free: list[Item | Let], unit: Unit) -> tuple[str, ...]:
    """Call a step by its name where its constructor made several different ones.

    One that does many things to an item is called after that.
    """
    match step:
        case ir.Composite(parameters=(), step=ir.Named(name=Given(value=str(name)))):
            if unit.constructed[step.function.fn] > 1:
                return (identifier(name),)
    wanted = suggested_names(step)
    if not isinstance(step, ir.Composite):
        # A shared constructor's function has the name of that.
        wanted = tuple(x for x in wanted if x not in unit.shared) or wanted
    best, *others = wanted
    match free:
        case [Item(name=name)] if best.endswith(MORE) and name.strip("_"):
            return f"process_{name.strip('_')}", best
    return best, *others


def lower_in_branch(step: ir.Step, scope: Scope, deeper: int = 1) -> Body:
    """Lower a step in an except branch.

    A group of errors that is raised there would want a cause: a function raises it.
    """
    if any(getattr(node, "join_errors", False) for node in nodes(step)):
        name, arguments = lift_step(step, scope.deeper(deeper))
        return (Block((Line(f"{name}({', '.join(arguments)})"),)),)
    return scope.lower(step, deeper)


def lift_predicate(
    node: ir.Named, scope: Scope, lower: Callable[[ir.Predicate, Scope], Body]
) -> str:
    """Make a function of a named predicate; return its call."""
    free = free_items(node)
    best = suggested_names(node)[0]
    name = scope.unit.first_free(best, f"is_{best}")
    inside, parameters = _scope_of(free, node, scope)
    body = noting(node.name, lower(node.inner, inside), inside)
    scope.unit.functions.append(Function(name, parameters, "", body, "bool"))
    arguments = [scope.state, *(scope.variables[item] for item in free)]
    return f"{name}({', '.join(arguments)})"


def noting(name: Expression, body: Body, scope: Scope) -> Body:
    """Put a body under `with named(...)`, which notes on an error where it was."""
    if not any(block.statements for block in body):
        if not scope.unit.tracking.traces:
            return ()
        # A trace has all parts that have a name.
        body = (Block((Line("pass"),)),)
    return under(naming([name], scope), body)


def levels_below(inner: ir.Step) -> int:
    """Return how deep a step stands below a `with`: one that it shares counts once."""
    match inner:
        case ir.Composite(step=step, parameters=()):
            return levels_below(step)
        case _:
            return 0 if isinstance(inner, (ir.Named, ir.Logged, ir.Traced)) else 1


def naming(names: Iterable[Expression], scope: Scope) -> str:
    """Return the context managers of parts with names, the outermost first."""
    return ", ".join(f"{scope.unit.support('named')}({scope.write(n)})" for n in names)


def noting_nothing(names: Iterable[Expression], scope: Scope) -> Body:
    """Return what a trace is told of a part with names that does nothing."""
    names = tuple(names)
    if not (names and scope.unit.tracking.traces):
        return ()
    return under(naming(names, scope), (Block((Line("pass"),)),))


def under(manager: str, body: Body) -> Body:
    """Put a body under a `with`."""
    match body:
        case (Block((With(managers, inside),), comments),):
            # A person writes one `with` for both.
            return (Block((With((manager, *managers), inside),), comments),)
    return (Block((With((manager,), body),)),)


def _shared(step: ir.Composite, scope: Scope) -> tuple[str, bool]:
    """Make a function of a constructor, once; return whether it takes a time limit.

    One that is used inside of a time limit, and outside of any, becomes two.
    """
    unit = scope.unit
    key = (step.parameters, scope.limit is not None)
    if key not in unit.lifted:
        wanted = identifier(step.function.name)
        if (step.parameters, scope.limit is None) in unit.lifted:
            wanted = f"{'un' if scope.limit is None else ''}limited_{wanted}"
        name = unit.lifted[key] = unit.fresh(wanted)
        free = [*step.parameters, *free_items(step.step, step)]
        inside, parameters = _scope_of(free, step, scope)
        inside = within_limit(inside, scope, False)
        body = unit.lower(step.step, inside)
        parameters += limit_parameter(inside)
        if inside.asked:
            unit.limited.add(name)
        unit.functions.append(Function(name, parameters, _doc(step), body))
    scope.take_time()
    return unit.lifted[key], unit.lifted[key] in unit.limited


def within_limit(inside: Scope, scope: Scope, in_time: bool) -> Scope:
    """Return the scope inside a function that asks the time limit around its call."""
    if scope.limit is None:
        return inside
    limit = Limit(scope.unit, inside.yielding("limit", "TimeLimit"), in_time)
    return replace(inside, limit=limit)


def limit_parameter(inside: Scope) -> tuple[str, ...]:
    """Return the parameter of a function that asks the time limit, if it does."""
    return (inside.limit.annotation,) if inside.limit and inside.limit.uses else ()


def limit_of(scope: Scope, asks: bool) -> tuple[str, ...]:
    """Return the argument for such a function, if it asks the time limit at all."""
    return (scope.limit.given(),) if scope.limit and asks else ()


def _scope_of(
    free: list[Item | Let], step: ir.Node, scope: Scope
) -> tuple[Scope, tuple[str, ...]]:
    """Return the scope inside a new function, and its parameters with their types."""
    kind = scope.state_type or scope.unit.need("typing", "Any")
    # What is called otherwise because of another state need not be here.
    plain = re.sub(r"_\d+$", "", scope.state.removeprefix(INNER))
    state = plain if scope.unit.names.is_free(plain) else scope.state
    inside = Scope(scope.unit, state, kind, Names())
    inside.names.take(state)
    parameters = [f"{state}: {kind}"]
    # A handler function may read the state, which every function is given.
    given = (item for item, name in scope.variables.items() if name == scope.state)
    inside = replace(inside, variables=dict.fromkeys(given, state))
    for item in free:
        inside = inside.bind(item)
        kind = annotation_of(item, step, scope.unit)
        parameters.append(f"{inside.variables[item]}: {kind}")
    return inside, tuple(parameters)


def free_items(part: object, around: ir.Composite | None = None) -> list[Item | Let]:
    """Return the items and lets that a part uses and does not bind, in order.

    `around` is a constructor that binds its parameters.
    """
    bound: set[Item | Let] = set(around.parameters) if around else set()
    for node in nodes(part):
        match node:
            case ir.ForEach(item=item, lets=lets, parts=parts):
                bound |= {item, *lets, *parts}
            case ir.Composite(parameters=parameters):
                bound |= set(parameters)
            case ir.HandlerFunction(items=items, outcomes=outcomes):
                bound |= {*items, *(let for each in outcomes for let in each.lets)}
    used = (item for x in used_expressions(part) for item in sorted_items(x))
    return list(dict.fromkeys(item for item in used if item not in bound))


def used_expressions(part: object) -> Iterator[Expression]:
    """Yield the expressions below a part that its code will hold.

    The arguments of a constructor that is written out are in its step already.
    """
    match part:
        case Given() | Item() | Let() | Computed():
            yield part
        case ir.Composite(step=step, parameters=()):
            yield from used_expressions(step)
        case ir.HandlerFunction(outcomes=outcomes):
            for name, value in (*part.captured, *part.defaults):
                if name in part.reads:
                    yield value
            yield from used_expressions(outcomes)
        case _:
            if isinstance(part, (ir.ForEach, ir.Map, ir.Outcome)):
                # They bind their lets; what these are made of may come from around.
                yield from (let.value for let in part.lets)
            for child in children(part):
                yield from used_expressions(child)


def sorted_items(expression: Expression) -> list[Item | Let]:
    """Return the items of an expression in the order of their names."""
    return sorted(items_of(expression), key=lambda item: item.name)


def annotation_of(item: Item | Let, step: ir.Node, unit: Unit) -> str:
    """Return the type of a lifted function's parameter, as the author wrote it."""
    if isinstance(item, Let) and is_variable(item):
        return "str"
    if isinstance(step, ir.Composite):
        found = parameter_annotation(step.function.fn, item.name)
        if found is not None:
            return unit.write_type(found)
    if item in unit.item_types:
        return unit.write_type(unit.item_types[item])
    for node in nodes(step):
        if isinstance(node, ir.Call):
            for fn, name in _receivers(node, item):
                found = parameter_annotation(fn, name)
                if found is not None:
                    return unit.write_type(found)
    for node in nodes(step):
        if isinstance(node, ir.Named) and node.name is item:
            return "str"
        if isinstance(node, ir.Logged) and node.level is item:
            return "int"
    if isinstance(item, Item):
        if item.noun == "error":
            return "Exception"
        if item.holds in (str, int, float, bool):
            return str(item.holds.__name__)
    return unit.need("typing", "Any")


def _receivers(node: ir.Call, item: Item | Let) -> Iterator[tuple[Any, str]]:
    """Yield the functions that take an item as an argument, and as which."""
    for argument in node.arguments:
        if argument.value is item:
            yield node.function.fn, argument.parameter
    constructor = constructor_of(node.function)
    for name, value in node.function.captured:
        if value is item and constructor is not None:
            yield constructor, name


def _doc(step: ir.Node) -> str:
    match step:
        case ir.Composite(function=function):
            return doc_of(function)
        case ir.Named(inner=inner):
            return _doc(inner)
        case _:
            return ""


def doc_of(function: ir.Function | None) -> str:
    """Return the first paragraph of a function's docstring."""
    text = (function.fn.__doc__ if function else "") or ""
    return " ".join(text.strip().partition("\n\n")[0].split())
