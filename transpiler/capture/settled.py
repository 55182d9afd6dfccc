"""Whether an expression has the same value whenever its module is imported, or later.

`CALLS = 3` has, and so has `PAUSE = timedelta(minutes=5)`; what is read from the
environment or comes from a function of the author's may be another in the script. And
what functions of a module change is another one while the workflow runs.
"""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Container, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import resolve_name
from types import FunctionType, ModuleType
from typing import Any

from transpiler.capture.changing import changed_names
from transpiler.capture.files import SourceFile, function_node, source_file
from transpiler.ir.expressions import Expression, Given, Source, parsed

_PURE = (abs, divmod, len, max, min, pow, round, sum)


def is_settled(source: Source) -> bool:
    """Whether an expression's value is the same in every process.

    What local variables hold is taken as it is, and so is what a module has from
    elsewhere than a plain assignment.
    """
    if not source.calls and source.reads <= source.names.keys():
        return True
    tree = parsed(source.text)
    module = _Module(source.span.path, source.globals)
    return module.is_settled(tree, frozenset(source.names))


def is_fixed(expression: Expression) -> bool:
    """Whether an expression's value is known now, and is the same in every process."""
    if not isinstance(expression, Given):
        return False
    source = expression.source
    return source is None or bool(source.names) or is_settled(source)


def is_changing(source: Source) -> bool:
    """Whether a function of the author's may change what an expression reads.

    An object that is changed in place is the same one all the time, so just to name it
    is no danger; nor is a lambda, which reads it later anyway.
    """
    if source.is_lambda or not source.reads:
        return False
    module = _Module(source.span.path, source.globals)
    return any(
        module.is_changing(path, alone=source.text == ".".join(path))
        for path in _paths(source.text)
    )


@cache
def _paths(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the names that an expression mentions, each with the attributes of it."""
    found: list[tuple[str, ...]] = []
    waiting: list[ast.AST] = [parsed(text)]
    while waiting:
        node = inner = waiting.pop()
        path: tuple[str, ...] = ()
        while isinstance(inner, ast.Attribute):
            path, inner = (inner.attr, *path), inner.value
        if isinstance(inner, ast.Name):
            found.append((inner.id, *path))
        else:
            waiting += ast.iter_child_nodes(node)
    return tuple(found)


def looked_up(
    node: ast.expr, names: Mapping[str, Any], hidden: Container[str] = ()
) -> Any:
    """Return what a name stands for, with attributes or without; None if unknown.

    `names` are those of its module; what is `hidden` is local where it is read.
    """
    match node:
        case ast.Name(id=name) if name not in hidden:
            return names.get(name, getattr(builtins, name, None))
        case ast.Attribute(value=value, attr=attribute):
            return getattr(looked_up(value, names, hidden), attribute, None)
    return None


def changes_first(function: object) -> bool:
    """Whether a function of the author's changes what its first parameter is given."""
    return bool(_changed(function)[:1] == (True,))


def changes(function: object, parameter: str) -> bool:
    """Whether a function of the author's changes what a parameter is given."""
    if not isinstance(function, FunctionType):
        return False
    names = function.__code__.co_varnames[: len(_changed(function))]
    return dict(zip(names, _changed(function), strict=True)).get(parameter, False)


@cache
def _changed(function: object) -> tuple[bool, ...]:
    """Return of each parameter whether a function changes what it is given."""
    if not isinstance(function, FunctionType):
        return ()
    code = function.__code__
    node = function_node(code)
    changed = frozenset(changed_names(node)) if node is not None else frozenset()
    count = code.co_argcount + code.co_kwonlyargcount
    return tuple(name in changed for name in code.co_varnames[:count])


@dataclass(frozen=True, slots=True)
class _Module:
    """A module of the author's: its file, and the names in it."""

    path: str
    names: Mapping[str, Any]

    def is_settled(self, node: ast.AST, known: frozenset[str] = frozenset()) -> bool:
        match node:
            case ast.Call(func=function) if not _is_pure(
                looked_up(function, self.names)
            ):
                return False
            case ast.Attribute(attr="environ") | ast.Name(id="environ"):
                return False
            case ast.Attribute(value=value, attr=name):
                holder = looked_up(value, self.names)
                if isinstance(holder, ModuleType):
                    return _of(holder).is_settled_name(name, frozenset())
            case ast.Name(id=name) if name not in known:
                return self.is_settled_name(name, known)
        children = ast.iter_child_nodes(node)
        return all(self.is_settled(child, known) for child in children)

    def is_settled_name(self, name: str, known: frozenset[str]) -> bool:
        file = source_file(self.path) if self.path else None
        if file is None or name not in self.names:
            return True
        if name in file.values:
            return self.is_settled(file.values[name], known | {name})
        holder = self.origin(name, file)
        if holder is not None:
            return _of(holder).is_settled_name(file.imported[name][1], frozenset())
        return True

    def is_changing(self, path: tuple[str, ...], alone: bool) -> bool:
        """Whether what a dotted name stands for may change while functions run."""
        name, *rest = path
        file = source_file(self.path) if self.path else None
        if file is None or name not in self.names:
            return False
        if name in file.rebound or (name in file.changed and (rest or not alone)):
            return True
        value = self.names[name]
        methods = file.called.get(name, ()) if rest or not alone else ()
        if any(changes_first(getattr(type(value), x, None)) for x in methods):
            return True
        if isinstance(value, ModuleType):
            return bool(rest) and _of(value).is_changing(tuple(rest), alone)
        holder = self.origin(name, file)
        if holder is not None:
            inner = (file.imported[name][1], *rest)
            return _of(holder).is_changing(inner, alone)
        return False

    def origin(self, name: str, file: SourceFile) -> ModuleType | None:
        """Return the module that a name is imported from, if it is another one."""
        if name not in file.imported:
            return None
        relative, _ = file.imported[name]
        package = str(self.names.get("__package__") or "")
        if relative.startswith(".") and not package:
            return None
        holder = sys.modules.get(resolve_name(relative, package))
        return None if holder is None or vars(holder) is self.names else holder


def _of(module: ModuleType) -> _Module:
    """Return a module; what comes with Python is taken as it is."""
    ours = module.__name__.partition(".")[0] not in sys.stdlib_module_names
    path = getattr(module, "__file__", None) if ours else None
    return _Module(path or "", vars(module))


def _is_pure(function: Any) -> bool:
    """Whether calling something gives the same for the same: classes are taken to."""
    return isinstance(function, type) or function in _PURE
