"""Settle `try: from .fast import f / except ImportError: ...` within the project.

Whether a module of the project can be imported is the same everywhere, as long as it
needs nothing that may be missing elsewhere; so the branch taken is the one to copy.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace

import libcst as cst

from transpiler.frontend.distributions import is_standard
from transpiler.frontend.imported import Imported, imported
from transpiler.frontend.modules import (
    AuthorModule,
    Statement,
    binders_of,
    read_module,
    statement_of,
)
from transpiler.frontend.project import FLOW, Project

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception"})


def settle(project: Project, module: AuthorModule) -> AuthorModule:
    """Return the module with the branches that are taken in place of each `try`."""
    if not any(isinstance(s.node, cst.Try) for s in module.statements):
        return module
    statements: list[Statement] = []
    for statement in module.statements:
        chosen = _branch(project, module, statement)
        if chosen is None:
            statements.append(replace(statement, index=len(statements)))
            continue
        for node in chosen:
            index = len(statements)
            statements.append(statement_of(module, statement, index, node))
    return replace(
        module, statements=tuple(statements), binders=binders_of(statements), cache={}
    )


def _branch(
    project: Project, module: AuthorModule, statement: Statement
) -> list[cst.SimpleStatementLine] | None:
    node = statement.node
    if not isinstance(node, cst.Try) or not node.handlers or node.finalbody:
        return None
    caught = {_name(handler.type) for handler in node.handlers}
    if not caught <= _IMPORT_ERRORS:
        return None
    body = _lines(node.body)
    tried = [f for line in body or () for f in _imports(line, module.package)]
    if not body or not tried or not all(is_ours(project, f) for f in tried):
        return None
    if all(map(_is_loaded, tried)):
        if not all(_is_certain(project, one.module, set()) for one in tried):
            return None
        after = _lines(node.orelse.body) if node.orelse else []
        return None if after is None else [*body, *after]
    return _lines(node.handlers[0].body)


def is_ours(project: Project, found: Imported) -> bool:
    """Whether an import disappears: it imports from the project, or flow."""
    if isinstance(found.node, cst.ImportFrom) and found.node.relative:
        return True
    ours = found.module.partition(".")[0] == FLOW
    return ours or project.is_first_party(found.module)


def _imports(line: cst.SimpleStatementLine, package: str) -> Iterator[Imported]:
    for small in line.body:
        if isinstance(small, (cst.Import, cst.ImportFrom)):
            yield from imported(small, package)


def _lines(block: cst.BaseSuite) -> list[cst.SimpleStatementLine] | None:
    """Return the lines of a block that holds nothing but single simple statements."""
    if not isinstance(block, cst.IndentedBlock):
        return None
    found: list[cst.SimpleStatementLine] = []
    for line in block.body:
        if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
            return None
        if not isinstance(line.body[0], cst.Pass):
            found.append(line)
    return found


def _name(node: cst.CSTNode | None) -> str:
    return node.value if isinstance(node, cst.Name) else ""


def _is_loaded(found: Imported) -> bool:
    module = sys.modules.get(found.module)
    if module is None or found.name in (None, "*"):
        return module is not None
    return hasattr(module, str(found.name))


def _is_certain(project: Project, name: str, seen: set[str]) -> bool:
    """Whether importing a module of the project needs the standard library at most."""
    path = project.find(name)
    if name in seen or path is None or not path.exists():
        return True
    seen.add(name)
    if path.suffix != ".py":
        return False
    module = read_module(name, path)
    for statement in module.statements:
        for found in () if statement.type_checking else _eager(statement, module):
            if is_ours(project, found):
                if not _is_certain(project, found.module, seen):
                    return False
            elif not is_standard(found.module):
                return False
    return True


def _eager(statement: Statement, module: AuthorModule) -> Sequence[Imported]:
    # A `try` around an import is not itself at risk.
    return (
        ()
        if isinstance(statement.node, cst.Try)
        else statement.eager_imports(module.package)
    )
