"""Functions of their own: for branches of threads, for depth, for what has a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from typing import Any

from transpiler.frontend.callables import constructor_of, parameter_annotation
from transpiler.frontend.spelling import spell, spell_source
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import (
    Computed,
    Expression,
    Given,
    Item,
    Let,
    items_of,
)
from transpiler.ir.walk import children, nodes
from transpiler.lowering.limited import Limit
from transpiler.lowering.scope import Scope
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
        name, asks = _shared(step, scope)
        return name, [scope.state, *given, *_limit_of(scope, asks)]
    free = free_items(step)
    name = scope.unit.fresh(suggested_name(step))
    inside, parameters = _scope_of(free, step, scope)
    inside = _within_limit(inside, scope, scope.in_time)
    body = scope.unit.lower(step, inside)
    doc = _doc(step)
    parameters += _limit_parameter(inside)
    scope.unit.functions.append(Function(name, parameters, doc, body))
    given = [scope.variables[item] for item in free]
    limit = _limit_of(scope, inside.asked > 0)
    scope.take_time(inside.in_time)
    return name, [scope.state, *given, *limit]


def lift_predicate(
    node: ir.Named, scope: Scope, lower: Callable[[ir.Predicate, Scope], Body]
) -> str:
    """Make a function of a named predicate; return its call."""
    free = free_items(node)
    name = scope.unit.fresh(suggested_name(node))
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
    return 0 if isinstance(inner, (ir.Named, ir.Logged, ir.Traced)) else 1


def naming(names: Iterable[Expression], scope: Scope) -> str:
    """Return the context managers of parts with names, the outermost first."""
    return ", ".join(f"{scope.unit.support('named')}({scope.write(n)})" for n in names)


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
        inside, parameters = _scope_of(list(step.parameters), step, scope)
        inside = _within_limit(inside, scope, False)
        body = unit.lower(step.step, inside)
        parameters += _limit_parameter(inside)
        if inside.asked:
            unit.limited.add(name)
        unit.functions.append(Function(name, parameters, _doc(step), body))
    scope.take_time()
    return unit.lifted[key], unit.lifted[key] in unit.limited


def _within_limit(inside: Scope, scope: Scope, in_time: bool) -> Scope:
    """Return the scope inside a function that asks the time limit around its call."""
    if scope.limit is None:
        return inside
    limit = Limit(scope.unit, inside.yielding("limit", "TimeLimit"), in_time)
    return replace(inside, limit=limit)


def _limit_parameter(inside: Scope) -> tuple[str, ...]:
    return (inside.limit.annotation,) if inside.limit and inside.limit.uses else ()


def _limit_of(scope: Scope, asks: bool) -> tuple[str, ...]:
    """Return the argument for such a function, if it asks the time limit at all."""
    return (scope.limit.given(),) if scope.limit and asks else ()


def _scope_of(
    free: list[Item | Let], step: ir.Node, scope: Scope
) -> tuple[Scope, tuple[str, ...]]:
    """Return the scope inside a new function, and its parameters with their types."""
    kind = scope.state_type or scope.unit.need("typing", "Any")
    inside = Scope(scope.unit, scope.state, kind, Names())
    inside.names.take(scope.state)
    parameters = [f"{scope.state}: {kind}"]
    for item in free:
        inside = inside.bind(item)
        kind = annotation_of(item, step, scope.unit)
        parameters.append(f"{inside.variables[item]}: {kind}")
    return inside, tuple(parameters)


def free_items(part: object) -> list[Item | Let]:
    """Return the items and lets that a part uses and does not bind, in order."""
    bound: set[Item | Let] = set()
    for node in nodes(part):
        match node:
            case ir.ForEach(item=item, lets=lets):
                bound |= {item, *lets}
            case ir.Composite(parameters=parameters):
                bound |= set(parameters)
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
        case _:
            for child in children(part):
                yield from used_expressions(child)


def sorted_items(expression: Expression) -> list[Item | Let]:
    """Return the items of an expression in the order of their names."""
    return sorted(items_of(expression), key=lambda item: item.name)


def suggested_name(node: ir.Node) -> str:
    """Return the name that a person would give to a step's function."""
    match node:
        case ir.Composite(function=function) if function.name != "<lambda>":
            return identifier(function.name)
        case ir.Named(name=Given(value=str(text))):
            return identifier(text)
        case ir.Named(name=name):
            # The fixed words of `named(f"tenant {tenant}", ...)`.
            text = spell(name).text
            words = text.strip("f\"'").split("{")[0]
            return identifier(words) if words.strip() else suggested_name(node.inner)
        case ir.Call():
            if node.function.name != "<lambda>":
                return identifier(node.function.name)
            constructor = constructor_of(node.function)
            return identifier(constructor.__name__) if constructor else "run_branch"
        case _:
            known = [identifier(x) for x in _doers(node) if x != "<lambda>"]
            if not known:
                return "run_branch"
            if len(known) == 2 and known[0] != known[1]:
                return f"{known[0]}_and_{known[1]}"
            many = "all" if len(set(known)) == 1 else "and_more"
            return known[0] if len(known) == 1 else f"{known[0]}_{many}"


_READING = {"items", "predicate", "derive", "resource", "extract", "transforms"}
_READING |= {"subject", "policies"}


def _doers(part: object) -> Iterator[str]:
    """Yield the names of the functions that do something, not of those that read."""
    match part:
        case ir.Call(function=function) | ir.Composite(function=function):
            yield function.name
        case tuple():
            for each in part:
                yield from _doers(each)
        case ir.Node():
            for field in fields(part):
                if field.name not in _READING:
                    yield from _doers(getattr(part, field.name))


def annotation_of(item: Item | Let, step: ir.Node, unit: Unit) -> str:
    """Return the type of a lifted function's parameter, as the author wrote it."""
    if isinstance(step, ir.Composite):
        found = parameter_annotation(step.function.fn, item.name)
        if found is not None:
            return unit.rename(spell_source(found), {})
    for node in nodes(step):
        if isinstance(node, ir.Call):
            for fn, name in _receivers(node, item):
                found = parameter_annotation(fn, name)
                if found is not None:
                    return unit.rename(spell_source(found), {})
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
