"""State and resources: steps on a state of their own."""

from __future__ import annotations

from transpiler.ir import nodes as ir
from transpiler.lowering.data import extracted
from transpiler.lowering.scope import Scope
from transpiler.lowering.states import child_scope
from transpiler.script.model import Block, Body, Line, With


def lower_spawn(node: ir.Spawn, scope: Scope) -> Body:
    """Lower a child state: a variable that the steps inside take as their state."""
    child = child_scope(node.step, scope)
    before, value = extracted(node.derive, scope, child.state)
    first = Block((*before, Line(f"{child.state} = {value}")))
    body = child.lower(node.step, 0)
    scope.names.release(child.state)
    return (first, *body)


def lower_using(node: ir.Using, scope: Scope) -> Body:
    """Lower a resource: `with ... as` the state of the steps inside."""
    child = child_scope(node.step, scope)
    before, value = extracted(node.resource, scope, child.state)
    body = child.lower(node.step) or (Block((Line("pass"),)),)
    scope.names.release(child.state)
    manager = f"{value} as {child.state}"
    match body:
        case (Block((With(managers, inside),), ()),):
            # A person writes one `with` for both.
            return (Block((*before, With((manager, *managers), inside))),)
    return (Block((*before, With((manager,), body))),)
