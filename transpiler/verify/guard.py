"""What an edited script calls that the built one does not is stood in for.

A script that somebody edited may say anything, `shutil.rmtree` too. To verify it must
not run that. So whatever the functions of the workflow read that those of the script as
it is built do not read is replaced: a call of it is noted, which is a difference.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Hashable, Iterator
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Any

from transpiler.pipeline import Translation
from transpiler.verify.stage import ON_STAGE, Replacement

HARMLESS = frozenset(
    {
        *(n for n, x in vars(builtins).items() if isinstance(x, type)),
        *("len", "repr", "sorted", "min", "max", "sum", "any", "all", "abs", "round"),
        *("isinstance", "issubclass", "zip", "map", "filter", "getattr", "hasattr"),
        *("iter", "next", "ord", "chr", "divmod", "pow", "hash", "id", "callable"),
    }
)
"""Builtins that change nothing but what they are given."""


SAFE = frozenset(
    {
        *("contextlib", "functools", "itertools", "math", "collections"),
        *("dataclasses", "datetime", "decimal", "enum", "typing"),
    }
)
"""Modules of which nothing reaches out by itself."""


def guarded(
    script: ModuleType, made: Translation, stand_in: Callable[[str], Any]
) -> Iterator[Replacement]:
    """Yield stand-ins for what only an edited script reads."""
    built, edited = ast.parse(made.text), ast.parse(script.__text__)
    functions = _functions(built, edited, made)
    wanted, found = reads(built, functions), reads(edited, functions)
    namespace = vars(script)
    modules = {x.removeprefix("import ") for x in found - wanted if " " in x}
    yield namespace["__builtins__"], "__import__", _importing(modules, stand_in)
    new = {
        dotted
        for dotted in found - wanted
        if dotted not in functions and not _is_safe(dotted, namespace)
    }
    for name in sorted({dotted.partition(".")[0] for dotted in new}):
        value = namespace.get(name, vars(builtins).get(name))
        news = {dotted for dotted in new if dotted.partition(".")[0] == name}
        if isinstance(value, ModuleType):
            yield script, name, _Guarded(value, name, news, stand_in)
        elif name in news and name not in HARMLESS and callable(value):
            yield script, name, stand_in(name)


def _functions(built: ast.Module, edited: ast.Module, made: Translation) -> set[str]:
    """Return the functions of a workflow in its script, new ones too."""
    ours = {function.name for function in made.lowered.script.functions}
    return ours | (_defined(edited) - _defined(built))


def _defined(tree: ast.Module) -> set[str]:
    return {x.name for x in tree.body if isinstance(x, ast.FunctionDef)}


def _is_safe(dotted: str, namespace: dict[str, Any]) -> bool:
    """Return whether something may run: it is harmless, or a stand-in of the stage."""
    name, _, attribute = dotted.partition(".")
    value = namespace.get(name)
    if isinstance(value, ModuleType):
        if attribute:
            return _is_safe(attribute, vars(value))
        return value.__name__ in SAFE
    if isinstance(value, type) and issubclass(value, BaseException):
        return True
    on_stage = isinstance(value, Hashable) and value in ON_STAGE
    # But not what one of them has made: a partial holds the function itself.
    defines = isinstance(value, (type, FunctionType, BuiltinFunctionType))
    return on_stage or (defines and value.__module__ in SAFE)


def caught(script: ModuleType, made: Translation) -> list[type[Exception]]:
    """Return the types of errors that the workflow's functions of a script name."""
    tree, namespace = ast.parse(script.__text__), vars(script)
    functions = _functions(ast.parse(made.text), tree, made)
    found: dict[type[Exception], None] = {}
    for dotted in sorted(reads(tree, functions)):
        name, _, attribute = dotted.partition(".")
        value = namespace.get(name, vars(builtins).get(name))
        value = getattr(value, attribute, None) if attribute else value
        if isinstance(value, type) and issubclass(value, Exception):
            found[value] = None
    return [kind for kind in found if kind not in (Exception, ExceptionGroup)]


def harmless(text: str, path: str, built: str) -> tuple[ast.Module, list[str]]:
    """Return a script without what it does as a module that the built one does not.

    Statements at its top that call something are left out if they are new; what they
    say is returned too.
    """
    tree = ast.parse(text, path)
    known = {ast.dump(statement) for statement in ast.parse(built).body}
    safe = HARMLESS | set(_safe_names(tree))
    new = [x for x in tree.body if ast.dump(x) not in known and _calls(x, safe)]
    tree.body = [statement for statement in tree.body if statement not in new]
    return tree, [ast.unparse(statement) for statement in new]


def _safe_names(tree: ast.Module) -> Iterator[str]:
    """Yield the names that a script imports of modules that are safe."""
    for statement in tree.body:
        match statement:
            case ast.Import(names=names):
                yield from (x.asname or x.name for x in names if x.name in SAFE)
            case ast.ImportFrom(module=module, names=names) if module in SAFE:
                yield from (x.asname or x.name for x in names)


def _calls(statement: ast.stmt, safe: set[str] | frozenset[str]) -> bool:
    """Return whether a statement calls something that may reach out."""
    match statement:
        case ast.FunctionDef() | ast.ClassDef():
            return False
        case ast.Raise(exc=ast.Call(func=ast.Name(), args=parts), cause=None):
            return any(not isinstance(part, ast.Constant) for part in parts)
    calls = (part.func for part in ast.walk(statement) if isinstance(part, ast.Call))
    return not all(_root(function) in safe for function in calls)


def _root(node: ast.expr) -> str | None:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


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
        return self._stand_in(dotted) if dotted in self._news else found
