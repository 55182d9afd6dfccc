"""What a handler function may return, found in its source.

A handler decides by the error that it is given, so it can't be called before there is
one. Its statements stay as they are; what stands behind each `return` is evaluated
alone, with stand-ins for the local names, and so is the step that it would build.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from types import FunctionType

from transpiler.capture.files import (
    function_node,
    lambda_node,
    position_of,
    span_at,
)
from transpiler.diagnostics import TranspileError, refuse
from transpiler.source import NOWHERE, Span


@dataclass(frozen=True, slots=True, eq=False)
class Returned:
    """A place where a handler function ends. `value` is None if it is None."""

    value: ast.expr | None
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """The source of a handler function.

    `reads` are all names that its statements read, what is returned aside.
    """

    body: tuple[ast.stmt, ...]

    parameters: tuple[str, ...]
    returns: tuple[Returned, ...]
    local: tuple[str, ...]
    reads: frozenset[str]


def shape_of(fn: FunctionType) -> Shape:
    """Return what is to know of a handler function's source.

    Raises TranspileError with all in it that no except branch can hold.
    """
    code = fn.__code__
    path = code.co_filename
    node = lambda_node(code) if code.co_name == "<lambda>" else function_node(code)
    if node is None:
        raise refuse(
            "FLOW204",
            f"the source of the handler {fn.__name__} can't be read, so the script "
            "can't have it",
            span=NOWHERE,
            hint="write it as a function or a lambda of a file, not with eval or exec",
        )
    arguments = node.args
    every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    parameters = tuple(arg.arg for arg in every)
    if isinstance(node, ast.Lambda):
        body: list[ast.stmt] = [ast.copy_location(ast.Return(node.body), node.body)]
    else:
        body = node.body
    is_generator = bool(code.co_flags & inspect.CO_GENERATOR)
    found = list(_refusals(node, body, path, is_generator))
    findings = [f for error in found for f in error.diagnostics]
    if findings:
        raise TranspileError(findings)
    returns = tuple(
        Returned(value, span_at(path, position_of(statement)))
        for statement, _ in _returns(body)
        for value in outcomes(statement.value)
    )
    local = [n for n in code.co_varnames + code.co_cellvars if n not in parameters]
    read = frozenset(
        part.id
        for statement in body
        for part in _stated(statement)
        if isinstance(part, ast.Name)
    )
    return Shape(tuple(body), parameters, returns, tuple(dict.fromkeys(local)), read)


def outcomes(value: ast.expr | None) -> Iterator[ast.expr | None]:
    """Yield what a `return` may return: of a conditional expression, either."""
    match value:
        case ast.IfExp(body=body, orelse=otherwise):
            yield from outcomes(body)
            yield from outcomes(otherwise)
        case ast.Constant(value=None):
            yield None
        case _:
            yield value


def _returns(
    body: list[ast.stmt], inside: str = ""
) -> Iterator[tuple[ast.Return, str]]:
    """Yield the returns of a body, and what they stand in that is to be left first."""
    for statement in body:
        match statement:
            case ast.Return():
                yield statement, inside
            case ast.If() | ast.For() | ast.While():
                yield from _returns(statement.body, inside)
                yield from _returns(statement.orelse, inside)
            case ast.With():
                yield from _returns(statement.body, inside or "with")
            case ast.Try() | ast.TryStar():
                within = inside or "try"
                yield from _returns(statement.body, within)
                for handler in statement.handlers:
                    yield from _returns(handler.body, within)
                yield from _returns(statement.orelse, within)
                yield from _returns(statement.finalbody, within)
            case ast.Match():
                for case in statement.cases:
                    yield from _returns(case.body, inside)


def _stated(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what of a statement stays as it is: all but what is returned."""
    match node:
        case ast.Return(value=value):
            yield from _tests(value)
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield from ast.walk(node)
        case _:
            yield node
            for child in ast.iter_child_nodes(node):
                yield from _stated(child)


def _tests(value: ast.expr | None) -> Iterator[ast.AST]:
    if isinstance(value, ast.IfExp):
        yield from ast.walk(value.test)
        yield from _tests(value.body)
        yield from _tests(value.orelse)


def _refusals(
    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda,
    body: list[ast.stmt],
    path: str,
    is_generator: bool,
) -> Iterator[TranspileError]:
    """Yield why a handler can't be an except branch."""

    def refusal(at: ast.expr | ast.stmt, message: str, hint: str) -> TranspileError:
        span = span_at(path, position_of(at))
        return refuse("FLOW220", message, span=span, hint=hint)

    for decorator in getattr(node, "decorator_list", ()):
        yield refusal(
            decorator,
            "the handler of an error is decorated, so that something else is called",
            "do in the handler what the decorator does",
        )
    for statement in body:
        for part in ast.walk(statement):
            match part:
                case ast.Yield() | ast.YieldFrom() if is_generator:
                    yield refusal(
                        part,
                        "a handler of errors can't yield: it returns one step",
                        "return the steps together: return flow.do(...)",
                    )
                case ast.Global() | ast.Nonlocal():
                    yield refusal(
                        part,
                        f"the handler of an error rebinds {part.names[0]}, which does "
                        "not belong to it",
                        "keep what changes in the state",
                    )
                case ast.Import() | ast.ImportFrom():
                    yield refusal(
                        part,
                        "the handler of an error imports something",
                        "move the import to the top of the module",
                    )
    for returned, inside in _returns(body):
        value = returned.value
        if inside and any(x is not None for x in outcomes(value)):
            assert value is not None
            yield refusal(
                value,
                f"this step is returned from inside a {inside}, but runs after it",
                f"return it below the {inside}; a variable may say that it is wanted",
            )
        for part in ast.walk(value) if value else ():
            if isinstance(part, ast.NamedExpr):
                yield refusal(
                    part,
                    f"what is returned assigns to {part.target.id}",
                    "assign in a line of its own, above the return",
                )
