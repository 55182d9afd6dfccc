"""Sequence: statements one after another, and loops over items."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from transpiler.ir import nodes as ir
from transpiler.lowering.data import items_expression
from transpiler.lowering.lift import free_items
from transpiler.lowering.scope import Scope, with_comments
from transpiler.script.model import Block, Body, For, Line, Statement, With


def lower_all(steps: Iterable[ir.Step], scope: Scope) -> Body:
    """Lower steps in order."""
    return tuple(block for step in steps for block in scope.lower(step, 0))


def lower_in_serial(node: ir.InSerial, scope: Scope) -> Body:
    """Lower providers in order, each where its turn comes."""
    return tuple(block for p in node.providers for block in _provider(p, scope, ""))


def _provider(node: ir.Provider, scope: Scope, named: str) -> Body:
    comments = scope.comments(node.span)
    match node:
        case ir.Steps(steps=steps):
            return with_comments(lower_all(steps, scope), comments)
        case ir.ForEach():
            return with_comments(_loop(node, scope, named), comments)
        case ir.Named(inner=inner):
            manager = f"{scope.unit.support('named')}({scope.write(node.name)})"
            return with_comments(_provider(inner, scope, manager), comments)
        case _:
            assert_never(node)


def _loop(node: ir.ForEach, scope: Scope, named: str) -> Body:
    """Lower a loop; errors of its expansion are noted by the manager `named`."""
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
    body = inside.lower(node.body)
    inside.release(node.item, *node.lets)
    if lets:
        body = (Block(tuple(lets)), *body)
    if not body:
        body = (Block((Line("pass"),)),)
    return (Block((*before, For(target, items, body))),)
