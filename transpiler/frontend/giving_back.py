"""Resources that give the state they were made of: locks, windows, maintenance pages.

After `with lock(fleet) as locked`, `locked` and `fleet` are the same object if the lock
ends in `yield fleet`. A person has one name for it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

from transpiler.capture.files import function_node


@contextmanager
def _example() -> Iterator[None]:
    yield


_MADE: Any = _example
"""All that contextlib makes of functions has the same code."""


def gives_back_state(fn: Callable[..., Any]) -> bool:
    """Whether a resource surely gives the object that it gets as its state."""
    made = getattr(fn, "__code__", None)
    inner = getattr(fn, "__wrapped__", None)
    if made is not _MADE.__code__ or not isinstance(inner, FunctionType):
        return False
    node = function_node(inner.__code__)
    if not isinstance(node, ast.FunctionDef):
        return False
    parameters = [*node.args.posonlyargs, *node.args.args]
    if not parameters:
        return False
    state = parameters[0].arg
    given = list(_given(node.body))
    same = all(isinstance(x, ast.Name) and x.id == state for x in given)
    return bool(given) and same and not any(map(_binder_of(state), ast.walk(node)))


def _given(statements: list[ast.stmt]) -> Iterator[ast.expr | None]:
    """Yield what a function yields; of what stands in functions inside, nothing."""
    waiting: list[ast.AST] = [*statements]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
                continue
            case ast.Yield(value=value):
                yield value
            case ast.YieldFrom():
                yield None
        waiting += ast.iter_child_nodes(node)


def _binder_of(name: str) -> Callable[[ast.AST], bool]:
    """Return whether a node may bind a name anew, in whichever way."""

    def binds(node: ast.AST) -> bool:
        match node:
            case ast.Name(id=found, ctx=ast.Store() | ast.Del()):
                return found == name
            case ast.FunctionDef(name=found) | ast.ClassDef(name=found):
                return found == name
            case ast.ExceptHandler(name=found) | ast.MatchAs(name=found):
                return found == name
            case ast.MatchStar(name=found) | ast.MatchMapping(rest=found):
                return found == name
            case ast.alias(name=found, asname=other):
                return name in (found.partition(".")[0], other)
            case _:
                return False

    return binds
