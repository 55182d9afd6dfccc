"""Sequence: statements one after another, and loops over items."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import assert_never

from transpiler.frontend.literals import literal
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression
from transpiler.ir.messages import group_message
from transpiler.lowering.items import is_constant, length_of, variables
from transpiler.lowering.lift import free_items, naming, noting_nothing
from transpiler.lowering.limits import ends_asked
from transpiler.lowering.naming import element_kind
from transpiler.lowering.scope import Scope, caught, with_comments
from transpiler.lowering.tables import looped_over
from transpiler.script.model import (
    Block,
    Body,
    For,
    Handler,
    If,
    Line,
    Statement,
    Try,
    With,
)


def lower_all(steps: Iterable[ir.Step], scope: Scope) -> Body:
    """Lower steps in order."""
    return tuple(block for step in steps for block in scope.lower(step, 0))


def lower_do(node: ir.Do, scope: Scope) -> Body:
    """Lower steps in order, or under a try each if their errors are to be joined."""
    if not node.join_errors:
        return lower_all(node.steps, scope)
    return _joined(
        node, lambda join: [_tried(s, scope, join) for s in node.steps], scope
    )


def lower_in_serial(node: ir.InSerial, scope: Scope) -> Body:
    """Lower providers in order, each where its turn comes."""
    if not node.join_errors:
        return tuple(b for p in node.providers for b in _provider(p, scope))
    return _joined(
        node,
        lambda join: [_provider(p, scope, (), join) for p in node.providers],
        scope,
    )


def _tried(step: ir.Step, scope: Scope, errors: str) -> Body:
    """Lower a step whose error is kept for later."""
    asked = scope.asked
    body = scope.lower(step)
    if not body:
        return ()
    return (Block((_keeping(body, errors, scope, asked),)),)


def _keeping(body: Body, errors: str, scope: Scope, asked: int) -> Try:
    """Keep the error of a body, unless it is that of a time limit.

    `asked` says in how many places the limit was asked before the body.
    """
    error = caught(scope)
    statements: list[Statement] = [Line(f"{errors}.append({error})")]
    if scope.limit is not None:
        statements += scope.limit.joining(asked, errors)
        scope.take_time()
    return Try(body, (Handler("Exception", (Block(tuple(statements)),), error),))


def _joined(
    node: ir.Do | ir.InSerial, lower: Callable[[str], list[Body]], scope: Scope
) -> Body:
    """Put the list of errors before statements that fill it, and the group behind."""
    kind = "list[Exception]"
    known = set(scope.kinds)
    errors = scope.yielding("errors", kind)
    blocks = [block for body in lower(errors) for block in body]
    scope.names.release(errors)
    if not blocks:
        return ()
    message = literal(group_message(node)).text
    # A type checker wants to be told once.
    start = Line(f"{errors} = []" if errors in known else f"{errors}: {kind} = []")
    group = (Block((Line(f"raise ExceptionGroup({message}, {errors})"),)),)
    # The list belongs to the first of them, the raise to the last.
    first = Block((start, *blocks[0].statements), blocks[0].comments)
    return (first, *blocks[1:], Block((If(errors, group),)))


def _provider(
    node: ir.Provider,
    scope: Scope,
    names: tuple[Expression, ...] = (),
    join: str | None = None,
) -> Body:
    comments = scope.comments(node.span)
    if isinstance(node, ir.ForEach):
        comments += scope.comments(node.items.span)
    match node:
        case ir.Steps(steps=steps):
            if join is not None:
                tries = [_tried(step, scope, join) for step in steps]
                return with_comments(tuple(b for t in tries for b in t), comments)
            return with_comments(lower_all(steps, scope), comments)
        case ir.ForEach(items=items) if length_of(items) == 0:
            return noting_nothing(names, scope)
        case ir.ForEach():
            return with_comments(
                _loop(node, scope, naming(names, scope), join), comments
            )
        case ir.Named(inner=inner):
            below = _provider(inner, scope, (*names, node.name), join)
            return with_comments(below, comments)
        case _:
            assert_never(node)


def _loop(node: ir.ForEach, scope: Scope, named: str, join: str | None) -> Body:
    """Lower a loop; errors of its expansion are noted by the manager `named`.

    With `join`, an error of a step is kept, and one of the expansion ends the loop.
    """
    expands = bool(named or node.lets) or not is_constant(node.items)
    asked = scope.asked
    if join is not None and expands:
        scope = scope.deeper(1)
    mark = scope.names.mark
    items = looped_over(node, scope, named=named)
    # Nothing but the loop's first line reads what they are made of.
    scope.release_since(mark)
    inside = scope
    for item in variables(node):
        inside = inside.bind(item, element_kind(items.kind))
    target = ", ".join(inside.variables[item] for item in variables(node))
    used = free_items((node.body, *(let.value for let in node.lets)))
    if not node.parts and node.item not in used:
        target = f"_{target.lstrip('_')}"
    lets: list[Statement] = []
    for let in node.lets:
        value = inside.write(let.value)
        if let in used:
            inside = inside.bind(let)
            value = f"{inside.variables[let]} = {value}"
        lets.append(Line(value))
    if named and lets:
        lets = [With((named,), (Block(tuple(lets)),))]
    again = join is None and scope.in_time and ends_asked(node.body)
    scope.take_time(again)
    body = (
        inside.lower(node.body)
        if join is None
        else _tried(node.body, inside.deeper(1), join)
    )
    scope.take_time(again)
    inside.release(*variables(node), *(x for x in node.lets if x in used))
    if lets:
        body = (Block(tuple(lets)), *body)
    if not body:
        target = f"_{target.lstrip('_')}"
        body = (Block((Line("pass"),)),)
    loop = Block((*items.before, For(target, items.text, body)))
    if join is None or not expands:
        return (loop,)
    # What fails outside of a step is the provider itself.
    return (Block((_keeping((loop,), join, scope, asked),)),)
