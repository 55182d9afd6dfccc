"""Whether an expression has the same value whenever its module is imported.

`CALLS = 3` has, and so has `PAUSE = timedelta(minutes=5)`; what is read from the
environment or comes from a function of the author's may be another in the script.
"""

from __future__ import annotations

import ast
import builtins
from typing import Any

from transpiler.capture.files import source_file
from transpiler.ir.expressions import Source

_PURE = (abs, divmod, len, max, min, pow, round, sum)


def is_settled(source: Source) -> bool:
    """Whether an expression's value is the same in every process.

    What local variables hold is taken as it is, and so is what comes from elsewhere
    than a plain assignment of the expression's own module.
    """
    tree = ast.parse(f"({source.text}\n)", mode="eval").body
    return _is_settled(tree, source, frozenset(source.names))


def _is_settled(node: ast.AST, source: Source, known: frozenset[str]) -> bool:
    match node:
        case ast.Call(func=function) if not _is_pure(_found(function, source)):
            return False
        case ast.Attribute(attr="environ") | ast.Name(id="environ"):
            return False
        case ast.Name(id=name) if name not in known:
            file = source_file(source.span.path)
            value = file.values.get(name) if file is not None else None
            if value is not None and name in source.globals:
                return _is_settled(value, source, known | {name})
    children = ast.iter_child_nodes(node)
    return all(_is_settled(child, source, known) for child in children)


def _is_pure(function: Any) -> bool:
    """Whether calling something gives the same for the same: classes are taken to."""
    return isinstance(function, type) or function in _PURE


def _found(node: ast.expr, source: Source) -> Any:
    match node:
        case ast.Name(id=name):
            return source.globals.get(name, getattr(builtins, name, None))
        case ast.Attribute(value=value, attr=name):
            return getattr(_found(value, source), name, None)
    return None
