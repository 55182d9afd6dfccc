"""What an edited script calls that the built one does not is stood in for.

A script that somebody edited may say anything, `shutil.rmtree` too. To verify it must
not run that. So whatever the functions of the workflow read that those of the script as
it is built do not read is replaced: a call of it is noted, which is a difference.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from transpiler.pipeline import Translation
from transpiler.verify.stage import Replacement

HARMLESS = frozenset(
    {
        *(n for n, x in vars(builtins).items() if isinstance(x, type)),
        *("len", "repr", "sorted", "min", "max", "sum", "any", "all", "abs", "round"),
        *("isinstance", "issubclass", "zip", "map", "filter", "getattr", "hasattr"),
        *("iter", "next", "ord", "chr", "divmod", "pow", "hash", "id", "callable"),
    }
)
"""Builtins that change nothing but what they are given."""


def guarded(
    script: ModuleType, made: Translation, stand_in: Callable[[str], Any]
) -> Iterator[Replacement]:
    """Yield stand-ins for what only an edited script reads."""
    functions = {function.name for function in made.lowered.script.functions}
    wanted = reads(ast.parse(made.text), functions)
    tree = ast.parse(script.__text__)
    found = reads(tree, functions)
    namespace = vars(script)
    modules = {name for name in _imports(tree) if f"import {name}" not in wanted}
    yield namespace["__builtins__"], "__import__", _importing(modules, stand_in)
    new = found - wanted
    for name in sorted({dotted.partition(".")[0] for dotted in new}):
        value = namespace.get(name, vars(builtins).get(name))
        news = {dotted for dotted in new if dotted.partition(".")[0] == name}
        if isinstance(value, ModuleType):
            yield script, name, _Guarded(value, name, news, stand_in)
        elif name in news and name not in HARMLESS and callable(value):
            yield script, name, stand_in(name)


def reads(tree: ast.Module, functions: set[str]) -> set[str]:
    """Return what some functions of a module read of it: names, with an attribute."""
    found: set[str] = set()
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef) and statement.name in functions:
            found |= set(_dotted(statement))
    return found


def _importing(news: set[str], stand_in: Callable[[str], Any]) -> Callable[..., Any]:
    """Return what imports modules inside functions, but not those of an edit.

    Python itself imports here as well: to format a date it needs `time`.
    """

    def imported(name: str, *rest: Any) -> Any:
        if name in news:
            return stand_in(f"import {name}")()
        return builtins.__import__(name, *rest)

    return imported


def _imports(tree: ast.Module) -> Iterator[str]:
    """Yield the modules that a script imports, wherever the statement stands."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (each.name for each in names)
            case ast.ImportFrom(module=module):
                yield module or ""


def _dotted(part: ast.AST) -> Iterator[str]:
    for node in ast.walk(part):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                yield name
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                yield f"{name}.{attribute}"
            case ast.Import(names=names):
                yield from (f"import {each.name}" for each in names)
            case ast.ImportFrom(module=module):
                yield f"import {module}"


class _Guarded:
    """A module of which some things are stood in for."""

    def __init__(
        self,
        module: ModuleType,
        name: str,
        news: set[str],
        stand_in: Callable[[str], Any],
    ) -> None:
        self._module, self._name = module, name
        self._news, self._stand_in = news, stand_in

    def __getattr__(self, attribute: str) -> Any:
        dotted = f"{self._name}.{attribute}"
        found = getattr(self._module, attribute)
        if dotted in self._news and not isinstance(found, type):
            return self._stand_in(dotted)
        return found
