"""What a workflow needs of the author's modules, before a line is written."""

from __future__ import annotations

import ast
import logging
import sys
from collections.abc import Iterator

from transpiler.diagnostics import TranspileError, placed, report
from transpiler.frontend.bundled import Root
from transpiler.frontend.callables import (
    Inline,
    Inner,
    Reached,
    find_callable,
    parameter_annotation,
)
from transpiler.frontend.handlers import handler_globals
from transpiler.frontend.spelling import Spelled, check_body, spell, spell_source
from transpiler.ir import nodes as ir
from transpiler.ir.errors import FLOW, Exhausted
from transpiler.ir.expressions import Expression, Given, Item, Let, parsed
from transpiler.ir.walk import nodes, walk
from transpiler.lowering.lift import used_expressions
from transpiler.lowering.states import declared_type, typed_leaf
from transpiler.source import NOWHERE, Span


def roots_of(workflow: ir.Workflow) -> tuple[Root, ...]:
    """Return the names of modules that the workflow's text will refer to.

    What can't be written is reported, all of it if diagnostics are being collected.
    """
    found: dict[Root, None] = {}
    told: set[tuple[str, str]] = set()
    places: dict[int, Span] = {}
    for part in walk(workflow.step):
        if isinstance(part, ir.Composite):
            # What a constructor is given has no place; the step that it returned has.
            places.update((id(value), part.span) for _, value in part.arguments)
        elif isinstance(part, ir.Call) and part.function.name != "<lambda>":
            captured = part.function.captured
            places.update((id(value), part.span) for _, value in captured)
        try:
            found.update(dict.fromkeys(_of_part(part)))
        except TranspileError as error:
            told.update((d.code, d.message) for d in error.diagnostics)
            report(placed(error, getattr(part, "span", NOWHERE)))
    for expression in _expressions(workflow):
        span = places.get(id(expression), NOWHERE)
        try:
            found.update(dict.fromkeys(_of_expression(expression, span)))
        except TranspileError as error:
            # What a lambda reads has no place of its own, and was told at the lambda's.
            if any(
                d.span != NOWHERE or (d.code, d.message) not in told
                for d in error.diagnostics
            ):
                report(error)
    return (*found, *_of_states(workflow), *_logger(workflow))


def called_roots(workflow: ir.Workflow) -> Iterator[Root]:
    """Yield the roots that arguments call, which the script does when it starts."""
    for let in workflow.lets:
        source = let.value.source
        if isinstance(let.value, Given) and source is not None:
            spelled = spell_source(source)
            called = _called(spelled.text)
            for name, meaning in spelled.names.items():
                if name.partition(".")[0] in called:
                    yield from _of_spelled(Spelled(name, {name: meaning}))


def _called(text: str) -> set[str]:
    """Return the names that an expression calls, or of which it calls a method."""
    found = set()
    for node in ast.walk(parsed(text)):
        callee: ast.AST | None = node.func if isinstance(node, ast.Call) else None
        while isinstance(callee, (ast.Attribute, ast.Subscript)):
            callee = callee.value
        if isinstance(callee, ast.Name):
            found.add(callee.id)
    return found


def inner_functions(workflow: ir.Workflow) -> Iterator[Inner]:
    """Yield the functions inside of others that the script has, too."""
    for part in walk(workflow.step):
        if isinstance(part, (ir.Call, ir.OnlyIf)):
            function = part.function if isinstance(part, ir.Call) else part.check
            try:
                found = find_callable(function)
            except TranspileError:
                continue  # It is reported with the other roots.
            if isinstance(found, Inner):
                yield found


def _expressions(workflow: ir.Workflow) -> Iterator[Expression]:
    yield from used_expressions(workflow.step)
    yield from workflow.lets


def _of_part(part: object) -> Iterator[Root]:
    match part:
        case ir.Call(function=function) | ir.OnlyIf(check=function):
            match find_callable(function):
                case Reached(module, name):
                    yield Root(module, name)
                case Inline(body=body):
                    check_body(body)
                    yield from _of_spelled(spell_source(body))
                case Inner() as inner:
                    yield from _of_inner(inner)
        case ir.HandlerFunction():
            for module, name in tuple(handler_globals(part)):
                yield Root(module, name)
        case ir.Composite(function=function, parameters=parameters):
            for item in parameters:
                yield from _of_annotation(function, item.name)


def _of_inner(inner: Inner) -> Iterator[Root]:
    """Yield what the parameters need that stand for what it closed over."""
    constructor = inner.fn.__globals__.get(inner.constructor)
    for name, _ in inner.captured:
        found = parameter_annotation(constructor, name) if constructor else None
        if found is not None:
            yield from _of_spelled(spell_source(found))


def _of_expression(expression: Expression, span: Span) -> Iterator[Root]:
    if isinstance(expression, Let):
        value = expression.value
        source = value.source
        if isinstance(value, Given) and source is not None:
            yield from _of_spelled(spell_source(source))
        else:
            yield from _of_spelled(spell(value, span))
    elif not isinstance(expression, Item):
        yield from _of_spelled(spell(expression, span))


def _of_spelled(spelled: Spelled) -> Iterator[Root]:
    for meaning in spelled.names.values():
        if isinstance(meaning, tuple) and meaning[1] is not None:
            ours = meaning[0] == Exhausted.__module__
            yield Root(FLOW if ours else meaning[0], meaning[1])


def _of_annotation(function: ir.Function, name: str) -> Iterator[Root]:
    found = parameter_annotation(function.fn, name)
    if found is not None:
        yield from _of_spelled(spell_source(found))


def _of_states(workflow: ir.Workflow) -> Iterator[Root]:
    inside = (
        n.step for n in nodes(workflow.step) if isinstance(n, ir.Spawn | ir.Using)
    )
    for part in (workflow.step, *inside):
        typed = typed_leaf(part)
        if typed is not None:
            name, function = typed
            yield from _of_annotation(function, name)
    declared = declared_type(workflow)
    if typed_leaf(workflow.step) is None and declared is not None:
        yield from _of_spelled(spell_source(declared))


def _logger(workflow: ir.Workflow) -> Iterator[Root]:
    """The author's own logger is the script's, if it is a plain assignment."""
    module = workflow.function.fn.__module__ if workflow.function else ""
    for name, value in vars(sys.modules.get(module, ast)).items():
        if isinstance(value, logging.Logger):
            yield Root(module, name)
            return
