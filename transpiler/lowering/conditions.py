"""Conditions: `if` and its tests."""

from __future__ import annotations

import ast
import re
from functools import partial
from typing import assert_never

from transpiler.frontend.callables import (
    Inline,
    find_callable,
    return_annotation,
)
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression, Given, Source, parsed
from transpiler.lowering.data import extracted
from transpiler.lowering.leaves import call, negated, operand, takes_no_time
from transpiler.lowering.lift import lift_predicate
from transpiler.lowering.naming import value_name
from transpiler.lowering.scope import Scope
from transpiler.script.model import Block, Body, If, Line, Match


def lower_when(node: ir.When, scope: Scope) -> Body:
    """Lower a condition. A branch that does nothing is left out."""
    test = condition(node.predicate, scope)
    scope.take_time(takes_no_time(node.predicate))
    body, otherwise = scope.alternatives(
        lambda: scope.lower(node.step),
        lambda: scope.lower(node.otherwise) if node.otherwise else (),
    )
    if test in ("True", "False"):
        return body if test == "True" else otherwise
    if not body and otherwise:
        return (Block((If(negated(test), otherwise),)),)
    if not body:
        # The predicate is still asked: it may raise.
        return (Block((Line(_statement(test, "bool({})")),)),)
    match body:
        case (Block((If(inner, inside, ()),), comments),) if not otherwise:
            # A person writes one condition, not one inside the other.
            both = f"{operand(test)} and {operand(inner)}"
            return (Block((If(both, inside),), comments),)
    return (Block((If(test, body, otherwise),)),)


def lower_switch(node: ir.Switch, scope: Scope) -> Body:
    """Lower a switch: `match` over values that patterns can say, else if and elif."""
    name = _subject_name(node.subject)
    value = extracted(node.subject, scope, name)
    before, subject = value.before, value.text
    is_bool = _gives_bool(node.subject)
    patterns = [_pattern(scope.write(c.value), c.value, is_bool) for c in node.cases]
    *bodies, otherwise = scope.alternatives(
        *(partial(_case, case, scope) for case in node.cases),
        lambda: scope.lower(node.otherwise, 2) if node.otherwise else (),
    )
    if not node.cases or not (any(bodies) or otherwise):
        return (Block((*before, Line(_statement(subject, "_ = {}")))), *otherwise)
    if is_bool and [_known(case) for case in node.cases] in _BOTH and all(bodies):
        # A person asks once.
        yes, no = bodies if _known(node.cases[0]) else reversed(bodies)
        return (Block((*before, If(subject, yes, no))),)
    bodies = [body or (Block((Line("pass"),)),) for body in bodies]
    if all(patterns) and (node.cases[1:] or isinstance(_known(node.cases[0]), bool)):
        arms = [(p or "_", body) for p, body in zip(patterns, bodies, strict=True)]
        if otherwise:
            arms.append(("_", otherwise))
        return (Block((*before, Match(subject, tuple(arms)))),)
    if not subject.isidentifier() and node.cases[1:]:
        with scope.using(name) as (variable,):
            before = (*before, Line(f"{variable} = {subject}"))
            subject = variable
    tests = otherwise
    for case, body in reversed(list(zip(node.cases, bodies, strict=True))):
        tests = (Block((If(_equals(subject, case.value, scope), body, tests),)),)
    return (Block((*before, *tests[0].statements)),)


_BOTH = ([True, False], [False, True])


def _known(case: ir.Case) -> object:
    return case.value.value if isinstance(case.value, Given) else None


def _case(case: ir.Case, scope: Scope) -> Body:
    comments = scope.comments(case.span)
    body = scope.lower(case.step, 2)
    if not body:
        return ()
    return (Block(body[0].statements, (*comments, *body[0].comments)), *body[1:])


def _pattern(text: str, value: Expression, is_bool: bool) -> str | None:
    """Return a value as a pattern that compares as the language says, if it can be.

    Patterns compare True and False by identity; but 1 is True, too.
    """
    match parsed(text):
        case ast.Constant(value=bool(constant)):
            return text if is_bool else f"{text} | {int(constant)}"
        case ast.Constant():
            return text
        case ast.UnaryOp(ast.USub(), ast.Constant(value=int() | float())):
            return text
        case ast.Attribute() as tree if all(
            isinstance(child, (ast.Attribute, ast.Name, ast.Load))
            for child in ast.walk(tree)
        ):
            # A bare name would capture; a dotted one compares.
            return text
        case _:
            return None


def _equals(subject: str, value: Expression, scope: Scope) -> str:
    text, subject = scope.write(value), operand(subject)
    match value:
        case Given(value=None):
            return f"{subject} is None"
        case Given(value=bool()) if text in ("True", "False"):
            # It says `==`, which linters do not want to read beside a bool.
            return f"{subject} in ({text},)"
        case _:
            return f"{subject} == {operand(text)}"


def _gives_bool(node: ir.Extract) -> bool:
    match node:
        case ir.Call(function=function) if function.name == "<lambda>":
            callee = find_callable(function)
            return isinstance(callee, Inline) and _is_bool(callee.body)
        case ir.Call(function=function):
            found = return_annotation(function.fn)
            return found is not None and found.text == "bool"
        case _:
            return False


def _is_bool(source: Source) -> bool:
    """Whether an expression surely is True or False, whatever it is about."""
    match parsed(source.text):
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=[ast.In() | ast.NotIn() | ast.Is() | ast.IsNot()]):
            return True
        case ast.Compare(
            left=ast.Call(func=ast.Name(id="len")), comparators=[ast.Constant()]
        ):
            return "len" not in source.globals
        case _:
            return False


def _subject_name(node: ir.Extract) -> str:
    """Return what a person would call a subject that needs a variable."""
    match node:
        case ir.Call(function=function):
            match find_callable(function):
                case Inline(body=body):
                    found = re.search(r"\.(\w+)$", body.text)
                    return found[1] if found else "subject"
            return value_name(node) or "subject"
        case _:
            return "subject"


def condition(node: ir.Predicate, scope: Scope) -> str:
    """Return a predicate as an expression."""
    match node:
        case ir.Call():
            return call(node, scope, scope.state)
        case ir.Not():
            return negated(condition(node.predicate, scope))
        case ir.And():
            tests = [condition(p, scope) for p in node.predicates]
            return _joined(tests, "and", "True")
        case ir.Or():
            tests = [condition(p, scope) for p in node.predicates]
            return _joined(tests, "or", "False")
        case ir.Named():
            return lift_predicate(node, scope, _returning)
        case _:
            assert_never(node)


def _joined(tests: list[str], word: str, neutral: str) -> str:
    """Return tests with a word between them; one that changes nothing is left out."""
    match [test for test in tests if test != neutral]:
        case []:
            return neutral
        case [only]:
            return only
        case several:
            parts = (operand(test, of_and=word == "and") for test in several)
            return f" {word} ".join(parts)


def _statement(text: str, otherwise: str) -> str:
    """Return an expression as a statement; linters want what is useless put to use."""
    match parsed(text):
        case ast.Call():
            return text
        case ast.UnaryOp(op=ast.Not()):
            return _statement(negated(text), otherwise)
        case _:
            return otherwise.format(text)


def _returning(node: ir.Predicate, scope: Scope) -> Body:
    return (Block((Line(f"return {condition(node, scope)}"),)),)
