"""Which names an author's module defines itself, and where."""

from __future__ import annotations

import ast
import sys
from dataclasses import dataclass
from importlib.util import decode_source
from pathlib import Path
from types import ModuleType

from transpiler.source import Span, character_column


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a module-level name gets its value, and whether only by an import."""

    span: Span
    imported: bool


def bindings_of(path: Path) -> dict[str, Binding]:
    """Return where each name of a module is bound, by reading its file."""
    tree = ast.parse(decode_source(path.read_bytes()))
    found: dict[str, Binding] = {}
    pending: list[ast.AST] = list(reversed(tree.body))
    while pending:
        node = pending.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found[node.name] = Binding(_head_span(path, node), False)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                found[name] = Binding(_node_span(path, alias), True)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found[node.id] = Binding(_node_span(path, node), False)
        elif not isinstance(node, (ast.Lambda, ast.expr_context)):
            pending += reversed(list(ast.iter_child_nodes(node)))
    return found


def _node_span(path: Path, node: ast.expr | ast.alias) -> Span:
    line, end_line = node.lineno, node.end_lineno or node.lineno
    return Span(
        str(path),
        line,
        character_column(str(path), line, node.col_offset),
        end_line,
        character_column(str(path), end_line, node.end_col_offset or node.col_offset),
    )


def _head_span(
    path: Path, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
) -> Span:
    keyword = {ast.FunctionDef: "def ", ast.ClassDef: "class "}
    start = node.col_offset + len(keyword.get(type(node), "async def "))
    # In characters, since only spaces can stand before a definition.
    return Span(str(path), node.lineno, start, node.lineno, start + len(node.name))


def is_imported(
    name: str, value: object, bindings: dict[str, Binding], module: ModuleType
) -> bool:
    """Return whether a module has a name only by an import of it."""
    binding = bindings.get(name)
    if binding is not None:
        return binding.imported
    if "*" not in bindings:
        return False
    # It came by a star import, or was put into globals() by hand.
    return any(
        vars(other).get(name) is value
        for other in list(sys.modules.values())
        if isinstance(other, ModuleType) and other is not module
    )
