"""State and resources: steps on a state of their own."""

from __future__ import annotations

from transpiler.frontend.giving_back import gives_back_state
from transpiler.ir import nodes as ir
from transpiler.lowering.data import Value, extracted
from transpiler.lowering.scope import Scope
from transpiler.lowering.states import child_of, child_scope, state_leaf
from transpiler.script.model import Block, Body, Line, With, mentions


def _derived(source: ir.Extract, step: ir.Step, scope: Scope) -> tuple[Value, Scope]:
    """Return a child state, and the scope of the steps that take it."""
    mark = scope.names.mark
    value = extracted(source, scope, state_leaf(step)[0])
    # Nothing else reads what it is made of.
    scope.release_since(mark)
    return value, child_scope(step, scope)


def lower_spawn(node: ir.Spawn, scope: Scope) -> Body:
    """Lower a child state: a variable that the steps inside take as their state."""
    value, child = _derived(node.derive, node.step, scope)
    body = child.lower(node.step, 0)
    if value.text == child.state:
        return (Block(value.before), *body)
    # It is derived even if nothing is done with it.
    target = f"{child.state} = " if mentions(body, child.state) else ""
    first = Block((*value.before, Line(f"{target}{value.text}")))
    return (first, *body)


def lower_using(node: ir.Using, scope: Scope) -> Body:
    """Lower a resource: `with ... as` the state of the steps inside."""
    if _is_same_state(node, scope):
        mark = scope.names.mark
        value, child = extracted(node.resource, scope, scope.state), scope
        scope.release_since(mark)
    else:
        value, child = _derived(node.resource, node.step, scope)
    body = child.lower(node.step) or (Block((Line("pass"),)),)
    scope.take_time()
    used = child is not scope and mentions(body, child.state)
    manager = f"{value.text} as {child.state}" if used else value.text
    match body:
        case (Block((With(managers, inside),), ()),):
            # A person writes one `with` for both.
            return (Block((*value.before, With((manager, *managers), inside))),)
    return (Block((*value.before, With((manager,), body))),)


def _is_same_state(node: ir.Using, scope: Scope) -> bool:
    """Whether the steps inside get the state that the resource was made of."""
    match node.resource:
        case ir.Call(function=function) if gives_back_state(function.fn):
            return child_of(node.step, scope.unit)[1] in ("", scope.state_type)
        case _:
            return False
