"""What a module's functions change while they run: names that they rebind, or fill.

An argument is evaluated when its step is called, so `deploy(CONFIG["size"])` is given
what was there then, whatever a step has done to `CONFIG` since.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

CHANGING = frozenset(
    {"add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop"}
    | {"popitem", "popleft", "remove", "reverse", "setdefault", "sort", "update"}
)
"""The methods of containers that change them."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


def changed_names(tree: ast.AST) -> Iterator[str]:
    """Yield the names of things that some code changes in place."""
    for node in ast.walk(tree):
        yield from _changed(node)


Called = dict[str, frozenset[str]]
"""The methods that functions call, by the names that they call them on."""


def changed_by_functions(
    tree: ast.Module,
) -> tuple[frozenset[str], frozenset[str], Called]:
    """Return what functions of a module rebind, what they change in place, and call."""
    rebound: set[str] = set()
    changed: set[str] = set()
    called: dict[str, set[str]] = {}
    for function, own in _functions(tree, frozenset()):
        for node in _body(function):
            match node:
                case ast.Global(names=names):
                    rebound.update(names)
                case ast.Call(func=ast.Attribute(ast.Name(name), method)):
                    if name not in own:
                        called.setdefault(name, set()).add(method)
            changed.update(name for name in _changed(node) if name not in own)
    methods = {name: frozenset(found) for name, found in called.items()}
    return frozenset(rebound), frozenset(changed - rebound), methods


def _changed(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Attribute(value=owner, attr=method)):
            if method in CHANGING:
                yield from _root(owner)
        case ast.Call(func=ast.Name("setattr" | "delattr"), args=[owner, *_]):
            yield from _root(owner)
        case ast.Attribute(ctx=ast.Store() | ast.Del()):
            yield from _root(node.value)
        case ast.Subscript(ctx=ast.Store() | ast.Del()):
            yield from _root(node.value)
        case ast.AugAssign(target=ast.Name(id=name)):
            yield name
        case ast.Global(names=names):
            yield from names


def _root(node: ast.expr) -> Iterator[str]:
    """Yield the name that an attribute or an element is one of, with its module."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id


def _functions(
    node: ast.AST, around: frozenset[str]
) -> Iterator[tuple[_Function, frozenset[str]]]:
    """Yield each function, with the names that are local in it."""
    for child in ast.iter_child_nodes(node):
        own = around
        if isinstance(child, _Function):
            own = around | _local(child)
            yield child, own
        yield from _functions(child, own)


def _local(function: _Function) -> frozenset[str]:
    args = function.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs]
    names = {arg.arg for arg in (*every, args.vararg, args.kwarg) if arg}
    shared: set[str] = set()
    for node in _body(function):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.Global(names=declared):
                shared.update(declared)
    return frozenset(names - shared)


def _body(function: _Function) -> Iterator[ast.AST]:
    """Yield what a function's body consists of, without that of functions in it."""
    body = function.body if isinstance(function.body, list) else [function.body]
    waiting: list[ast.AST] = [*body]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, _Function):
            waiting += ast.iter_child_nodes(node)
