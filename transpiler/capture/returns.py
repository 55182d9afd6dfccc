"""What functions return, made symbolic while the rest of them stays as it is."""

from __future__ import annotations

import ast
import copy
from types import CodeType, FunctionType
from typing import Any

from transpiler.capture.files import per_code, placed
from transpiler.capture.keeping import keeping
from transpiler.capture.rewrite import (
    Rewriter,
    compile_again,
    executed,
    factory,
    made_of,
)
from transpiler.ir.expressions import LATE, Computed


def build_expression(
    fn: FunctionType, node: ast.expr, names: dict[str, Any]
) -> tuple[Any, list[Computed]]:
    """Evaluate an expression of a function's source, given its local names.

    What it calls, but for what builds steps, is kept as it was written, as if `names`
    had stand-ins in it: it is for when the function is called. LATE is among `names`.
    Also returns what was kept, whether any step has it or not.
    """
    rewriter = Rewriter(fn.__globals__, frozenset(names) - {LATE}, late=True)
    nothing = ast.arguments([], [], None, [], [], None, [])
    thunk = placed(ast.Lambda(nothing, rewriter.visit(copy.deepcopy(node))), node)
    code = factory(names, [ast.Return(thunk)], fn.__code__)
    made = executed(code, fn, names.values())
    # What is named after the function around it sees the handler.
    made.__code__ = made.__code__.replace(co_name=fn.__code__.co_name)
    with keeping() as kept:
        return made(), kept


def building(fn: FunctionType) -> FunctionType:
    """Return a function whose constructors tell which steps are theirs.

    So the steps that it returns are those of a workflow. Nothing else of it changes.
    """
    code = _compile(fn.__code__, fn.__globals__)
    return made_of(code, fn) if code else fn


@per_code
def _compile(code: CodeType, namespace: dict[str, Any]) -> CodeType | None:
    rewriting = Rewriter if code.co_name == "<lambda>" else _Returns
    return compile_again(code, namespace, rewriting)


class _Returns(Rewriter):
    """Rewrites only what is returned."""

    returning = False

    def visit(self, node: ast.AST) -> Any:
        if self.returning or isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            return super().visit(node)
        if isinstance(node, ast.expr):
            return node
        self.returning = isinstance(node, ast.Return)
        visited = self.generic_visit(node)
        self.returning = False
        return visited
