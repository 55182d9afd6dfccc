"""Loops without items, and pauses."""

from __future__ import annotations

from transpiler.capture.settled import is_fixed
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given
from transpiler.lowering.conditions import condition
from transpiler.lowering.leaves import takes_no_time
from transpiler.lowering.limits import asking_again, ends_asked, sleeping
from transpiler.lowering.scope import Scope
from transpiler.script.model import Block, Body, For, Line, While


def lower_while(node: ir.While, scope: Scope) -> Body:
    """Lower a loop that a predicate ends."""
    test = condition(node.predicate, scope)
    instant = takes_no_time(node.predicate)
    scope.take_time(instant)
    asked = scope.asked
    body = asking_again(scope.lower(node.step), scope, asked)
    body = body or (Block((Line("pass"),)),)
    scope.take_time(instant)
    return (Block((While(test, body),)),)


def lower_repeat(node: ir.Repeat, scope: Scope) -> Body:
    """Lower a loop that runs so many times."""
    before = scope.in_time
    scope.take_time(before and ends_asked(node.step))
    body = scope.lower(node.step)
    scope.take_time(before and ends_asked(node.step))
    if not body:
        return ()
    times = scope.write(node.times)
    late = isinstance(node.times, Given) and not is_fixed(node.times)
    if late or node.times in scope.unit.workflow.lets:
        scope.unit.require(times, 0)
    return (Block((For("_", f"range({times})", body),)),)


def lower_sleep(node: ir.Sleep, scope: Scope) -> Body:
    """Lower a pause."""
    return (Block(sleeping(scope.write(node.seconds), scope)),)
