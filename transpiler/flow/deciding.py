"""Handlers of errors that are functions: what they may return, and how they are called.

Each `return` of the function is evaluated once, with stand-ins for the state, the error
and its local names, so that the steps are known. When there is an error, the function
is called with it, and the step that it returns is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from types import FunctionType
from typing import Any

from transpiler.capture.files import position_of, span_at
from transpiler.capture.functions import (
    captured,
    contents,
    definition_span,
    is_async,
)
from transpiler.capture.handlers import Returned, Shape, shape_of
from transpiler.capture.returns import build_expression, building
from transpiler.capture.sites import CallSite, expression_of
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import Diagnostic, TranspileError, apart, refuse, report
from transpiler.flow.accept import accept, refuse_async
from transpiler.flow.arguments import RUNNING, signature
from transpiler.flow.durations import hints_of, kinds_of_locals
from transpiler.flow.kinds import Step
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import (
    LATE,
    Computed,
    Expression,
    Given,
    Item,
    Let,
    Source,
    items_of,
)
from transpiler.ir.walk import expressions, map_expressions, map_source, nodes
from transpiler.source import NOWHERE, Span

Decision = tuple[ir.HandlerFunction, tuple[Step[Any], ...]]


def decision(handler: object, site: CallSite) -> Decision | None:
    """Return a handler function with the steps that it may return; report mistakes.

    None if it is no function of a state and an error.
    """
    further: dict[str, Any] = {}
    if isinstance(handler, partial) and not handler.args:
        further = handler.keywords
        handler = handler.func
    if not isinstance(handler, FunctionType):
        return None
    span = site.span_of(1)
    if is_async(handler):
        refuse_async(handler, definition_span(handler) or span)
        return None
    try:
        bound = signature(handler).bind("state", "error", **further)
    except TypeError:
        bound = None
    # What takes them all together, as *args, has no names for them.
    if bound is None or [*bound.arguments.values()][:2] != ["state", "error"]:
        report(_not_a_handler(handler, span))
        return None
    simple = not (handler.__closure__ or handler.__defaults__ or further)
    if simple and handler in _known:
        return _known[handler]
    try:
        with apart():
            found = _described(handler, further, span)
    except TranspileError as error:
        report(error)
        return None
    if simple:
        _known[handler] = found
    return found


_known: dict[FunctionType, Decision] = {}
"""Functions that are the same wherever they handle errors."""


def _not_a_handler(handler: FunctionType, span: Span) -> TranspileError:
    name = handler.__name__
    called = "this lambda" if name == "<lambda>" else f"the function {name}"
    return refuse(
        "FLOW101",
        f"{called} stands where a handler of errors belongs, but can't be called with "
        "a state and an error",
        span=span,
        hint="write lambda state, error: step(), or give flow.fallback_to(step)",
    )


def _described(fn: FunctionType, further: dict[str, Any], span: Span) -> Decision:
    shape = shape_of(fn)
    hints = hints_of(fn)
    state, error = (
        Item(name, span, noun, holds=hints.get(name))
        for name, noun in zip(shape.parameters, ("state", "error"), strict=False)
    )
    known = {state.name: state, error.name: error}
    kinds = kinds_of_locals(shape.body, Source("", fn.__globals__, known))
    local = [Item(x, span, "local variable", holds=kinds.get(x)) for x in shape.local]
    items = (state, error, *local)
    bound = signature(fn).bind("state", "error", **further)
    bound.apply_defaults()
    defaults = dict(list(bound.arguments.items())[2:])
    cells = zip(fn.__code__.co_freevars, fn.__closure__ or (), strict=True)
    names = {name: contents(cell) for name, cell in cells}
    names |= defaults
    names |= {item.name: Symbol(item) for item in items}
    names[LATE] = Symbol(error)
    outcomes: list[ir.Outcome] = []
    steps: list[Step[Any]] = []
    findings: list[Any] = []
    for returned in shape.returns:
        try:
            step, kept = _returned(fn, returned, names)
        except TranspileError as problem:
            findings += problem.diagnostics
            continue
        if step is None:
            outcomes.append(ir.Outcome(None, span=returned.span))
        else:
            steps.append(step)
            outcomes.append(_outcome(step.node, items, kept, returned.span))
    if findings:
        raise TranspileError(findings)
    node = ir.HandlerFunction(
        on=ir.Exceptions(Exception, Given(Exception)),
        fn=fn,
        name=fn.__name__,
        captured=captured(fn),
        defaults=tuple((name, expression_of(x)) for name, x in defaults.items()),
        reads=_outer(shape, items),
        items=items,
        outcomes=tuple(outcomes),
        decide=_decide,
        span=span,
    )
    return node, tuple(steps)


def _outer(shape: Shape, items: tuple[Item, ...]) -> frozenset[str]:
    return shape.reads - {item.name for item in items}


def _returned(
    fn: FunctionType, returned: Returned, names: dict[str, Any]
) -> tuple[Step[Any] | None, list[Computed]]:
    """Return the step behind a `return`, over stand-ins, and what was kept for it."""
    if returned.value is None:
        return None, []
    span = span_at(fn.__code__.co_filename, position_of(returned.value))
    try:
        made, kept = build_expression(fn, returned.value, names)
    except TranspileError as error:
        hinted = (replace(d, hint=_hint(d)) for d in error.diagnostics)
        raise TranspileError(hinted) from None
    if isinstance(made, Symbol):
        raise _unknown(returned.value, span, made)
    if made is None:
        return None, []
    site = CallSite(span, None, None, fn.__globals__, {})
    return accept(Step, made, site, 0), kept


def _hint(found: Diagnostic) -> str:
    if found.code == "FLOW201":
        return "decide it with an `if` in the handler: each `return` builds one step"
    if found.code == "FLOW202" and found.message.startswith("the local variable"):
        return (
            "build the steps where they are returned, from what they are about: "
            "flow.in_serial(flow.for_each(lambda state: items, body))"
        )
    return found.hint


def _unknown(value: ast.expr, span: Span, made: Symbol) -> TranspileError:
    if isinstance(value, ast.Name):
        message = f"{made} is returned: which step it holds can't be seen here"
        hint = f"build the step behind `return`, not in {value.id}"
    else:
        message = "what is returned here builds no step that can be seen"
        hint = (
            "return a call that builds the step: return step(...); which one it is, an "
            "`if` decides"
        )
    return refuse("FLOW221", message, span=span, hint=hint)


def _outcome(
    step: ir.Step, items: tuple[Item, ...], kept: list[Computed], span: Span
) -> ir.Outcome:
    """Take the expressions that are evaluated where a step is returned out of it.

    Some of what was `kept` may be in no step, as a constructor ignores an argument: it
    is evaluated all the same.
    """
    inner = set(_bound(step))
    own = frozenset(items)
    lets: dict[int, Let] = {}

    def take(expression: Expression, name: str) -> Expression:
        if id(expression) in lets:
            return lets[id(expression)]
        made = expression
        if isinstance(made, Given) and made.source and made.source.calls:
            made = Computed(made.source)
        made = map_source(made, take)
        if not isinstance(made, Computed) or inner & items_of(made):
            return made if isinstance(made, Computed) else expression
        if made.source.calls or own & _depends(made):
            late = Computed(_late(made.source, items[1]))
            return lets.setdefault(id(expression), Let(name, late))
        return made

    changed = map_expressions(step, take)
    used = {place for x in expressions(step) for place in _places(x)}
    unused = [x for x in kept if x.source.calls and x.source.span not in used]
    if not unused:
        return ir.Outcome(changed, tuple(lets.values()), span=span)
    for expression in unused:
        take(expression, "unused")
    order = {x.source.span: number for number, x in enumerate(kept)}
    in_order = sorted(lets.values(), key=lambda let: _first(let, order))
    return ir.Outcome(changed, tuple(in_order), span=span)


def _places(expression: Expression) -> Iterator[Span]:
    """Yield where an expression and those in it are written."""
    match expression:
        case Computed(source=source) | Given(source=Source() as source):
            yield source.span
            for inner in source.names.values():
                yield from _places(inner)
        case Let(value=value):
            yield from _places(value)


def _first(let: Let, order: dict[Span, int]) -> int:
    source = let.value.source
    return order.get(source.span, -1) if source else -1


def _depends(expression: Expression) -> frozenset[Item | Let]:
    """Return the items of an expression, those of its lets too."""
    found = items_of(expression)
    return found.union(*(_depends(x.value) for x in found if isinstance(x, Let)))


def _late(source: Source, error: Item) -> Source:
    return replace(source, names={**source.names, LATE: error})


def _bound(step: ir.Step) -> Iterator[Item | Let]:
    """Yield the items and lets that parts of a step bind for what is in them."""
    for node in nodes(step):
        match node:
            case ir.ForEach(item=item, lets=lets) | ir.Map(item=item, lets=lets):
                yield item
                yield from lets
            case ir.HandlerFunction(items=items, outcomes=outcomes):
                yield from items
                yield from (let for outcome in outcomes for let in outcome.lets)


def _decide(
    fn: FunctionType, state: Any, error: Exception, /, **further: Any
) -> ir.Step | None:
    """Call a handler, and return the step that it returns."""
    before = RUNNING.set(True)
    try:
        made = building(fn)(state, error, **further)
    finally:
        RUNNING.reset(before)
    if made is None:
        return None
    step: Step[Any] = accept(Step, made, CallSite(NOWHERE, None, None, {}, {}), 0)
    return step.node
