"""Comprehensions of an author's constructor that is compiled again."""

from __future__ import annotations

import ast


def apart(
    node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
) -> ast.expr:
    """Return a comprehension that has a frame of its own in every version of Python.

    From Python 3.12 on it shares that of the function around it, and 3.13.0 crashes
    where such a frame is looked at and two comprehensions have a name in common that a
    function in one of them closes over.
    """
    match node:
        case ast.ListComp(elt, generators) | ast.SetComp(elt, generators):
            pass
        case _:
            return node
    inner = ast.copy_location(ast.GeneratorExp(elt, generators), node)
    elements: list[ast.expr] = [ast.copy_location(ast.Starred(inner, ast.Load()), node)]
    is_list = isinstance(node, ast.ListComp)
    made = ast.List(elements, ast.Load()) if is_list else ast.Set(elements)
    return ast.copy_location(made, node)
