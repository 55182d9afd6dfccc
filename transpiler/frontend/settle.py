"""Settle what is the same everywhere: of a condition, only the branch taken is copied.

Whether a module of the project can be imported is the same everywhere, as long as it
needs nothing that may be missing elsewhere: `try: from .fast import f / except
ImportError: ...`. So is whether Python is older than any that a script runs on.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import libcst as cst

from transpiler.frontend.distributions import is_standard
from transpiler.frontend.imported import Imported, imported
from transpiler.frontend.modules import (
    AuthorModule,
    Statement,
    StatementNode,
    binders_of,
    read_module,
    split_line,
    statement_of,
)
from transpiler.frontend.project import FLOW, Project
from transpiler.frontend.versions import is_settled

_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception"})


def settle(project: Project, module: AuthorModule) -> AuthorModule:
    """Return the module with the branches that are taken in place of the conditions."""
    if not any(isinstance(s.node, (cst.Try, cst.If)) for s in module.statements):
        return module
    versions = _version_names(module)
    statements: list[Statement] = []
    for statement in module.statements:
        chosen = _branch(project, module, statement)
        if chosen is None:
            chosen = _of_version(statement.node, versions)
        if chosen is None:
            chosen = _of_old_name(module, statement)
        if chosen is None:
            statements.append(replace(statement, index=len(statements)))
            continue
        comments = statement.comments
        for node in chosen:
            taken = statement_of(module, statement, len(statements), node)
            taken = replace(taken, comments=(*comments, *taken.comments))
            statements.append(taken)
            comments = ()
    return replace(
        module, statements=tuple(statements), binders=binders_of(statements), cache={}
    )


def _branch(
    project: Project, module: AuthorModule, statement: Statement
) -> Sequence[StatementNode] | None:
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


def _version_names(module: AuthorModule) -> dict[str, str]:
    """Return what names of the module say of Python's version, once and for all."""
    if "version" not in module.text:
        return {}
    names: dict[str, str] = {}
    for name, binders in module.binders.items():
        if len(binders) != 1 or name in module.declared:
            continue
        for one in binders[0].imports:
            if one.bound == name and one.module == "sys":
                found = f"sys.{one.name}" if one.name else "sys"
                if found in ("sys.version_info", "sys.hexversion"):
                    names[name] = found
                elif found == "sys":
                    names[f"{name}.version_info"] = "sys.version_info"
                    names[f"{name}.hexversion"] = "sys.hexversion"
    for name, binders in module.binders.items():
        node = binders[0].node
        if len(binders) != 1 or not isinstance(node, cst.SimpleStatementLine):
            continue
        small = node.body[0]
        if isinstance(small, cst.Assign) and len(small.targets) == 1:
            settled = is_settled(small.value, names)
            if settled is not None:
                names[name] = str(settled)
    return names


def _of_version(
    node: cst.CSTNode, names: Mapping[str, str]
) -> Sequence[StatementNode] | None:
    """Return the branch of a condition that is taken; None if that isn't settled."""
    if not isinstance(node, cst.If) or not names:
        return None
    match is_settled(node.test, names), node.orelse:
        case True, _:
            return _statements(node.body)
        case False, None:
            return []
        case False, cst.Else(body=body):
            return _statements(body)
        case False, cst.If() as other:
            return _of_version(other, names) or [other]
        case None, cst.If() as other:
            return _without_rest(node, other, names)
    return None


def _without_rest(
    node: cst.If, other: cst.If, names: Mapping[str, str]
) -> Sequence[StatementNode] | None:
    """Return an `if` without those of its further branches that are never taken."""
    rest: cst.If | cst.Else | None
    match is_settled(other.test, names), other.orelse:
        case True, _:
            rest = cst.Else(other.body, other.leading_lines)
        case False, behind:
            rest = behind
        case None, cst.If() as further:
            inner = _without_rest(other, further, names)
            if inner is None:
                return None
            (rest,) = (n for n in inner if isinstance(n, cst.If))
        case _:
            return None
    trimmed = node.with_changes(orelse=rest)
    return (isinstance(rest, cst.If) and _of_version(trimmed, names)) or [trimmed]


def _of_old_name(
    module: AuthorModule, statement: Statement
) -> Sequence[StatementNode] | None:
    """Return the handler of `try: unicode / except NameError: ...`, which is taken."""
    match statement.node:
        case cst.Try(
            body=cst.IndentedBlock(
                body=[cst.SimpleStatementLine(body=[cst.Expr() | cst.Assign() as line])]
            ),
            handlers=[cst.ExceptHandler(type=cst.Name(value="NameError"), name=None)],
            orelse=None,
            finalbody=None,
        ) if isinstance(line.value, cst.Name):
            name = line.value.value
            earlier = module.binders.get(name, ())[:1]
            bound = any(one.index < statement.index for one in earlier)
            if bound or module.stars or hasattr(builtins, name):
                return None
            found = _statements(statement.node.handlers[0].body)
            return found and [n for n in found if not _is_pass(n)]
    return None


def _is_pass(node: StatementNode) -> bool:
    return isinstance(node, cst.SimpleStatementLine) and isinstance(
        node.body[0], cst.Pass
    )


def _statements(block: cst.BaseSuite) -> list[StatementNode] | None:
    found: list[StatementNode] = []
    for node in block.body if isinstance(block, cst.IndentedBlock) else ():
        if isinstance(node, cst.SimpleStatementLine):
            found += split_line(node)
        elif isinstance(node, cst.BaseCompoundStatement):
            found.append(node)
    return found if isinstance(block, cst.IndentedBlock) else None


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
        else statement.run_imports(module.package)
    )
