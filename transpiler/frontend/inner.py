"""Functions inside of others, as statements that can be copied like any other."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from types import CodeType

import libcst as cst

from transpiler.frontend.callables import Inner
from transpiler.frontend.modules import AuthorModule, Statement
from transpiler.frontend.resolve import Resolver
from transpiler.frontend.scan import scan
from transpiler.frontend.scopes import walk


def inner_statements(
    resolver: Resolver, every: Iterable[Inner]
) -> dict[CodeType, Statement]:
    """Return a statement for each function of the project that was inside another.

    It binds nothing and has a negative index, as no module has it among its own; what
    the function closed over is no name of the module.
    """
    found: dict[CodeType, Statement] = {}
    for inner in every:
        code, name = inner.fn.__code__, inner.fn.__module__
        if code in found or not resolver.project.is_first_party(name):
            continue
        module = resolver.module(name)
        node = _node_of(module, inner.node.lineno)
        captured = {name for name, _ in inner.captured}
        scanned = scan([node])
        kept = tuple(
            r
            for r in scanned.references
            if r.role not in ("store", "declare") and r.name not in captured
        )
        found[code] = Statement(
            module.name,
            -1 - len(found),
            node,
            (),
            inner.node.lineno,
            inner.node.end_lineno or inner.node.lineno,
            False,
            (),
            frozenset(),
            [replace(scanned, references=kept, binds=frozenset())],
        )
    return found


def _node_of(module: AuthorModule, line: int) -> cst.FunctionDef:
    """Return the function whose `def` stands in a line."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    lines = sorted(
        node.lineno
        for node in ast.walk(ast.parse(module.text))
        if isinstance(node, kinds)
    )
    # Both trees have the same functions, in the same order.
    nodes = [n for n in walk(module.tree) if isinstance(n, cst.FunctionDef)]
    return nodes[lines.index(line)]
