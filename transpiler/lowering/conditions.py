"""Conditions: `if` and its tests."""

from __future__ import annotations

from typing import assert_never

from transpiler.ir import nodes as ir
from transpiler.lowering.leaves import call, negated, operand
from transpiler.lowering.lift import lift_predicate
from transpiler.lowering.scope import Scope
from transpiler.script.model import Block, Body, If, Line


def lower_when(node: ir.When, scope: Scope) -> Body:
    """Lower a condition. A branch that does nothing is left out."""
    test = condition(node.predicate, scope)
    body = scope.lower(node.step)
    otherwise = scope.lower(node.otherwise) if node.otherwise else ()
    if not body and otherwise:
        return (Block((If(negated(test), otherwise),)),)
    if not body:
        # The predicate is still asked: it may raise.
        return (Block((Line(test),)),)
    match body:
        case (Block((If(inner, inside, ()),), comments),) if not otherwise:
            # A person writes one condition, not one inside the other.
            both = f"{operand(test)} and {operand(inner)}"
            return (Block((If(both, inside),), comments),)
    return (Block((If(test, body, otherwise),)),)


def condition(node: ir.Predicate, scope: Scope) -> str:
    """Return a predicate as an expression."""
    match node:
        case ir.Call():
            return call(node, scope, scope.state)
        case ir.Not():
            return negated(condition(node.predicate, scope))
        case ir.And():
            parts = [operand(condition(p, scope)) for p in node.predicates]
            return " and ".join(parts) or "True"
        case ir.Or():
            tests = [condition(p, scope) for p in node.predicates]
            return " or ".join(operand(t, of_and=False) for t in tests) or "False"
        case ir.Named():
            return lift_predicate(node, scope, _returning)
        case _:
            assert_never(node)


def _returning(node: ir.Predicate, scope: Scope) -> Body:
    return (Block((Line(f"return {condition(node, scope)}"),)),)
