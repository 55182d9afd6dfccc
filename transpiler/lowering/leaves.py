"""Calls of the author's functions, as expressions."""

from __future__ import annotations

import ast
from collections import ChainMap

from transpiler.frontend.callables import Inline, Inner, Reached, find_callable
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Item, Let, parsed
from transpiler.ir.walk import nodes
from transpiler.lowering.closures import lift_inner
from transpiler.lowering.scope import Scope


def call(node: ir.Call, scope: Scope, *operands: str) -> str:
    """Return the call of a leaf with the state, its input if any, and its arguments."""
    arguments = written_arguments(node, scope)
    match find_callable(node.function):
        case Inline() as inline if not arguments:
            return inlined(inline, scope, *operands)
        case _:
            name = function_name(node.function, scope, len(operands))
            given = [*operands, *captured_arguments(node.function, scope), *arguments]
            return f"{name}({', '.join(given)})"


def takes_no_time(node: ir.Node) -> bool:
    """Return whether a leaf, or a predicate, just reads something: lambdas only."""
    callees = [find_callable(n.function) for n in nodes(node) if isinstance(n, ir.Call)]
    return all(isinstance(c, Inline) and not c.body.calls for c in callees)


def written_arguments(node: ir.Call, scope: Scope) -> list[str]:
    """Return a leaf's bound arguments as they stand in its call."""
    return [
        f"{a.keyword}={scope.write(a.value)}" if a.keyword else scope.write(a.value)
        for a in node.arguments
    ]


def function_name(function: ir.Function, scope: Scope, operands: int = 1) -> str:
    """Return the name of the function to call, with so many operands."""
    match find_callable(function):
        case Reached(module, name, path):
            return ".".join((scope.unit.name_of(module, name), *path))
        case Inner() as inner:
            return lift_inner(inner, operands, scope.unit)
        case Inline(parameters) as inline:
            # A lambda with bound arguments: a partial of one.
            names = [item.name for item in parameters]
            return f"(lambda {', '.join(names)}: {inlined(inline, scope, *names)})"


def captured_arguments(function: ir.Function, scope: Scope) -> list[str]:
    """Return what a lifted function takes for what it closed over."""
    match find_callable(function):
        case Inner(captured=captured):
            return [scope.write(value) for _, value in captured]
        case _:
            return []


def inlined(inline: Inline, scope: Scope, *operands: str) -> str:
    """Return the body of a lambda with operands in the place of its parameters."""
    given: dict[Item | Let, str] = dict(zip(inline.parameters, operands, strict=False))
    return scope.unit.write_source(inline.body, ChainMap(given, scope.variables))


def negated(test: str) -> str:
    """Return the opposite of a condition, as a person would write it.

    >>> negated("is_replica(spec)"), negated("user in admins"), negated("not ready")
    ('not is_replica(spec)', 'user not in admins', 'ready')
    """
    source = f"({test}\n)"
    match ast.parse(source, mode="eval").body:
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            return ast.get_source_segment(source, inner) or test
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sign = _OPPOSITES.get(type(op))
            if sign is not None:
                sides = [ast.get_source_segment(source, x) for x in (left, right)]
                return f"{sides[0]} {sign} {sides[1]}"
    return f"not {operand(test)}"


_OPPOSITES: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}


def operand(test: str, *, of_and: bool = True) -> str:
    """Return a condition as it may stand beside `and`, `or` or behind `not`."""
    tree = parsed(test)
    loose: tuple[type[ast.expr], ...] = (ast.IfExp, ast.Lambda, ast.NamedExpr)
    if of_and:
        loose = (*loose, ast.BoolOp)
    return f"({test})" if isinstance(tree, loose) else test
