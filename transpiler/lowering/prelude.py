"""Support definitions: the few pieces of plain Python that a script may need.

Each is a file under templates/prelude: its imports become the script's, and what it
defines is copied, under other names where the author has taken them.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Iterator, Mapping
from functools import cache

from transpiler.resources import templates_folder


@cache
def prelude_source(name: str) -> str:
    """Return the file of a support definition."""
    path = templates_folder() / "prelude" / f"{name}.py"
    return path.read_text(encoding="utf-8")


@cache
def prelude_of(name: str) -> str | None:
    """Return the file that defines a name, or None if none does."""
    for path in sorted((templates_folder() / "prelude").glob("*.py")):
        if name in prelude_names(path.stem):
            return path.stem
    return None


def prelude_names(name: str) -> list[str]:
    """Return the names that a support file defines, in order."""
    return [bound for node in _body(name) for bound in _bound(node)]


def prelude_imports(name: str) -> list[tuple[str, str | None, str]]:
    """Return what a support file imports: (module, name, what it is bound to there).

    The module of another support file begins with a dot.
    """
    found: list[tuple[str, str | None, str]] = []
    for node in ast.parse(prelude_source(name)).body:
        if isinstance(node, ast.Import):
            found += [(a.name, None, a.asname or a.name) for a in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module != "__future__":
            module = "." * node.level + (node.module or "")
            found += [(module, a.name, a.asname or a.name) for a in node.names]
    return found


def prelude_text(name: str, names: Mapping[str, str]) -> str:
    """Return a support file's definitions with other names in the place of some."""
    lines = prelude_source(name).splitlines(keepends=True)
    body = _body(name)
    first = min(_first_line(node) for node in body)
    while lines[first - 2].startswith("#"):
        first -= 1
    text = "".join(lines[first - 1 :]).strip("\n")
    changed = {old: new for old, new in names.items() if old != new}
    return _renamed(text, changed.get) if changed else text


def _body(name: str) -> list[ast.stmt]:
    """Return the statements of a support file without its docstring and imports."""
    skipped = (ast.Import, ast.ImportFrom, ast.Expr)
    tree = ast.parse(prelude_source(name))
    return [node for node in tree.body if not isinstance(node, skipped)]


def _bound(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=[ast.Name(id=name)]):
            yield name
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name


def _first_line(node: ast.stmt) -> int:
    decorators = getattr(node, "decorator_list", [])
    lines: list[int] = [node.lineno, *(d.lineno for d in decorators)]
    return min(lines)


def _renamed(text: str, change: Callable[[str], str | None]) -> str:
    """Rename the names of a text that are no attributes; the text is our own."""
    lines = text.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    pairs = list(zip(tokens, [None, *tokens], strict=False))
    for token, before in reversed(pairs):
        new = change(token.string) if token.type == tokenize.NAME else None
        if new is None or (before is not None and before.string == "."):
            continue
        (row, start), (_, end) = token.start, token.end
        line = lines[row - 1]
        lines[row - 1] = line[:start] + new + line[end:]
    return "".join(lines)
