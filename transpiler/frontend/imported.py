"""What an import statement imports, from which module, and by what name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from transpiler.frontend.scopes import ImportNode, alias_bound, dotted, walk


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """One name that an import statement binds: `from module import name as bound`.

    `name` is None for `import module`, `"*"` for a star; `whole` says that
    `import a.b` binds only `a`.
    """

    module: str
    name: str | None
    bound: str
    node: ImportNode
    alias: cst.ImportAlias | None
    whole: bool = False


def imported_by(node: cst.CSTNode, alias: cst.CSTNode, package: str) -> Imported | None:
    """Return what a part of an import statement imports, anywhere in a statement."""
    for part in walk(node):
        if isinstance(part, (cst.Import, cst.ImportFrom)):
            for found in imported(part, package):
                if found.alias is alias:
                    return found
    return None


def imported(node: ImportNode, package: str) -> Iterator[Imported]:
    """Yield what an import statement in a module of `package` imports."""
    if isinstance(node, cst.Import):
        for alias in node.names:
            bound, module = alias_bound(alias, True), dotted(alias.name)
            whole = alias.asname is None
            yield Imported(module, None, bound, node, alias, whole)
        return
    module = dotted(node.module)
    if node.relative:
        parts = package.split(".")
        base = parts[: len(parts) - len(node.relative) + 1]
        module = ".".join([*base, *([module] if module else [])])
    if isinstance(node.names, cst.ImportStar):
        yield Imported(module, "*", "*", node, None)
        return
    for alias in node.names:
        name = dotted(alias.name)
        yield Imported(module, name, alias_bound(alias, False), node, alias)
