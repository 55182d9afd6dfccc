"""Conditions: `if` and its tests."""

from __future__ import annotations

import ast
from typing import assert_never

from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression
from transpiler.lowering.data import extracted
from transpiler.lowering.leaves import call, negated, operand
from transpiler.lowering.lift import lift_predicate
from transpiler.lowering.scope import Scope
from transpiler.script.model import Block, Body, If, Line, Match


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


def lower_switch(node: ir.Switch, scope: Scope) -> Body:
    """Lower a switch: `match` over values that patterns can say, else if and elif."""
    before, subject = extracted(node.subject, scope, "subject")
    cases = [
        (scope.write(case.value), _case(case, scope), case.value) for case in node.cases
    ]
    otherwise = scope.lower(node.otherwise) if node.otherwise else ()
    if not cases:
        return (Block((*before, Line(subject))), *otherwise)
    if all(_is_pattern(text, value) for text, _, value in cases):
        arms = [(text, body) for text, body, _ in cases]
        if otherwise:
            arms.append(("_", otherwise))
        return (Block((*before, Match(subject, tuple(arms)))),)
    if not subject.isidentifier():
        with scope.using("subject") as (name,):
            before = (*before, Line(f"{name} = {subject}"))
            subject = name
    tests = otherwise
    for text, body, _ in reversed(cases):
        tests = (Block((If(f"{subject} == {operand(text)}", body, tests),)),)
    return (Block((*before, *tests[0].statements)),)


def _case(case: ir.Case, scope: Scope) -> Body:
    comments = scope.comments(case.span)
    body = scope.lower(case.step, 2) or (Block((Line("pass"),)),)
    return (Block(body[0].statements, (*comments, *body[0].comments)), *body[1:])


def _is_pattern(text: str, value: Expression) -> bool:
    """Whether a value can be a pattern that compares with `==`."""
    tree = ast.parse(f"({text}\n)", mode="eval").body
    match tree:
        case ast.Constant(value=constant):
            # True, False and None are compared by identity there.
            return constant is not None and not isinstance(constant, bool)
        case ast.Attribute():
            # A bare name would capture; a dotted one compares.
            return all(
                isinstance(child, (ast.Attribute, ast.Name, ast.Load))
                for child in ast.walk(tree)
            )
        case _:
            return False


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
