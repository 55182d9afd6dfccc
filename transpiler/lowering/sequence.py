"""Sequence: statements one after another, and loops over items."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from transpiler.frontend.literals import literal
from transpiler.ir import nodes as ir
from transpiler.ir.messages import group_message
from transpiler.lowering.data import items_expression
from transpiler.lowering.lift import free_items
from transpiler.lowering.scope import Scope, with_comments
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
    with scope.using("errors", "error") as (errors, error):
        tries = [_tried(s, scope, errors, error) for s in node.steps]
        return _joined(node, [b for body in tries for b in body], errors, scope)


def lower_in_serial(node: ir.InSerial, scope: Scope) -> Body:
    """Lower providers in order, each where its turn comes."""
    if not node.join_errors:
        return tuple(b for p in node.providers for b in _provider(p, scope, ""))
    with scope.using("errors", "error") as (errors, error):
        join = (errors, error)
        bodies = [_provider(p, scope, "", join) for p in node.providers]
        return _joined(node, [b for body in bodies for b in body], errors, scope)


def _tried(step: ir.Step, scope: Scope, errors: str, error: str) -> Body:
    """Lower a step whose error is kept for later."""
    body = scope.lower(step)
    if not body:
        return ()
    return (Block((_keeping(body, errors, error),)),)


def _keeping(body: Body, errors: str, error: str) -> Try:
    kept = (Block((Line(f"{errors}.append({error})"),)),)
    return Try(body, (Handler("Exception", kept, error),))


def _joined(
    node: ir.Do | ir.InSerial, blocks: list[Block], errors: str, scope: Scope
) -> Body:
    """Put the list of errors before statements that fill it, and the group behind."""
    if not blocks:
        return ()
    message = literal(group_message(node)).text
    start = Block((Line(f"{errors}: list[Exception] = []"),))
    group = (Block((Line(f"raise ExceptionGroup({message}, {errors})"),)),)
    # The list belongs to the first of them, the raise to the last.
    first = Block((*start.statements, *blocks[0].statements), blocks[0].comments)
    return (first, *blocks[1:], Block((If(errors, group),)))


def _provider(
    node: ir.Provider, scope: Scope, named: str, join: tuple[str, str] | None = None
) -> Body:
    comments = scope.comments(node.span)
    match node:
        case ir.Steps(steps=steps):
            if join is not None:
                tries = [_tried(step, scope, *join) for step in steps]
                return with_comments(tuple(b for t in tries for b in t), comments)
            return with_comments(lower_all(steps, scope), comments)
        case ir.ForEach():
            return with_comments(_loop(node, scope, named, join), comments)
        case ir.Named(inner=inner):
            manager = f"{scope.unit.support('named')}({scope.write(node.name)})"
            return with_comments(_provider(inner, scope, manager, join), comments)
        case _:
            assert_never(node)


def _loop(
    node: ir.ForEach, scope: Scope, named: str, join: tuple[str, str] | None
) -> Body:
    """Lower a loop; errors of its expansion are noted by the manager `named`.

    With `join`, an error of a step is kept, and one of the expansion ends the loop.
    """
    if join is not None:
        scope = scope.deeper(1)
    before, items = items_expression(node.items, scope, node.item, named=named)
    inside = scope.bind(node.item)
    target = inside.variables[node.item]
    if node.item not in free_items((node.body, *(let.value for let in node.lets))):
        target = f"_{target}"
    lets: list[Statement] = []
    for let in node.lets:
        value = inside.write(let.value)
        inside = inside.bind(let)
        lets.append(Line(f"{inside.variables[let]} = {value}"))
    if named and lets:
        lets = [With((named,), (Block(tuple(lets)),))]
    body = (
        inside.lower(node.body)
        if join is None
        else _tried(node.body, inside.deeper(1), *join)
    )
    inside.release(node.item, *node.lets)
    if lets:
        body = (Block(tuple(lets)), *body)
    if not body:
        body = (Block((Line("pass"),)),)
    loop = Block((*before, For(target, items, body)))
    # What fails outside of a step is the provider itself.
    return (loop,) if join is None else (Block((_keeping((loop,), *join),)),)
