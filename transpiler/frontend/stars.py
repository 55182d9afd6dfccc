"""Spell out what `from base import *` binds where a module goes on to bind it anew.

In `from base import *` with `APPS += [x]` below, the name is the module's own from then
on, and begins with what the star import bound.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace

import libcst as cst

from transpiler.frontend.modules import (
    AuthorModule,
    Statement,
    binders_of,
    statement_of,
)


def spell_stars(module: AuthorModule) -> AuthorModule:
    """Return the module with an import by name behind each star import that needs it.

    Only those names are spelled that a statement behind it binds, and that are read
    before they are surely bound.
    """
    if "import *" not in module.text:
        return module
    statements: list[Statement] = []
    for position, statement in enumerate(module.statements):
        statements.append(replace(statement, index=len(statements)))
        for found in statement.imports:
            if found.name == "*" and isinstance(found.node, cst.ImportFrom):
                behind = module.statements[position + 1 :]
                names = [n for n in _bound(found.module) if _is_rebound(n, behind)]
                if names:
                    node = cst.SimpleStatementLine([_spelled(found.node, names)])
                    index = len(statements)
                    statements.append(statement_of(module, statement, index, node))
    if len(statements) == len(module.statements):
        return module
    binders = binders_of(statements)
    return replace(module, statements=tuple(statements), binders=binders, cache={})


def _bound(module: str) -> list[str]:
    loaded = vars(sys.modules[module]) if module in sys.modules else {}
    every = loaded.get("__all__", [n for n in loaded if not n.startswith("_")])
    return sorted(map(str, every))


def _is_rebound(name: str, behind: Sequence[Statement]) -> bool:
    for statement in behind:
        if _reads(statement, name):
            return any(name in each.binds for each in behind)
        if name in statement.binds and _is_sure(statement.node):
            return False
        if name in statement.binds:
            return True
    return False


def _reads(statement: Statement, name: str) -> bool:
    return not statement.imports and any(
        r.name == name and r.eager and r.role == "load"
        for r in statement.scan.references
    )


def _is_sure(node: cst.CSTNode) -> bool:
    """Whether a statement binds its names whatever happens, and anew."""
    if isinstance(node, cst.SimpleStatementLine):
        return not isinstance(node.body[0], cst.AugAssign)
    return isinstance(node, (cst.FunctionDef, cst.ClassDef))


def _spelled(node: cst.ImportFrom, names: list[str]) -> cst.ImportFrom:
    aliases = [cst.ImportAlias(cst.Name(name)) for name in names]
    return node.with_changes(names=aliases, lpar=None, rpar=None)
