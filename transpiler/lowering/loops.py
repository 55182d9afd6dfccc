"""Loops without items, and pauses."""

from __future__ import annotations

from transpiler.ir import nodes as ir
from transpiler.lowering.conditions import condition
from transpiler.lowering.scope import Scope
from transpiler.script.model import Block, Body, For, Line, While


def lower_while(node: ir.While, scope: Scope) -> Body:
    """Lower a loop that a predicate ends."""
    test = condition(node.predicate, scope)
    body = scope.lower(node.step) or (Block((Line("pass"),)),)
    return (Block((While(test, body),)),)


def lower_repeat(node: ir.Repeat, scope: Scope) -> Body:
    """Lower a loop that runs so many times."""
    body = scope.lower(node.step)
    if not body:
        return ()
    return (Block((For("_", f"range({scope.write(node.times)})", body),)),)


def lower_sleep(node: ir.Sleep, scope: Scope) -> Body:
    """Lower a pause."""
    line = f"{scope.unit.need('time')}.sleep({scope.write(node.seconds)})"
    return (Block((Line(line),)),)
