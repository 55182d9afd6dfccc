"""What a leaf calls: a function of the author's with the values it closes over."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from types import FunctionType, MethodType
from typing import Any

from transpiler.capture.files import (
    function_node,
    lambda_node,
    position_of,
    span_at,
)
from transpiler.capture.sites import expression_of
from transpiler.ir.expressions import Expression
from transpiler.ir.nodes import Function
from transpiler.source import Span


def describe_function(fn: Callable[..., Any]) -> Function:
    """Return the IR's view of a plain function, a lambda or a closure.

    >>> describe_function(lambda state: state).name
    '<lambda>'
    """
    inner = inspect.unwrap(fn.__func__ if isinstance(fn, MethodType) else fn)
    if not isinstance(inner, FunctionType):
        return Function(fn, getattr(fn, "__name__", type(fn).__name__))
    span = Span(inner.__code__.co_filename, inner.__code__.co_firstlineno)
    name = inner.__name__
    defaults = _defaults(inner) if name == "<lambda>" else ()
    return Function(fn, name, captured(inner), span, defaults)


def _defaults(fn: FunctionType) -> tuple[tuple[str, Expression], ...]:
    """Return the parameters that have a default, with their values."""
    given = fn.__defaults__ or ()
    placed = fn.__code__.co_varnames[: fn.__code__.co_argcount]
    names = placed[len(placed) - len(given) :]
    found = {**dict(zip(names, given, strict=True)), **(fn.__kwdefaults__ or {})}
    return tuple((name, expression_of(value)) for name, value in found.items())


def definition_span(fn: Callable[..., Any]) -> Span | None:
    """Return where a function's name stands in its `def`, or a lambda, if it is known.

    Of an async function it is the word `async`, which is what matters there.
    """
    inner = inspect.unwrap(fn)
    if not isinstance(inner, FunctionType):
        return None
    code = inner.__code__
    if code.co_name == "<lambda>":
        found = lambda_node(code)
        return span_at(code.co_filename, position_of(found)) if found else None
    node = function_node(code)
    if node is None:
        return None
    begin = node.col_offset
    word = "async" if isinstance(node, ast.AsyncFunctionDef) else node.name
    if word != "async":
        begin += len("def ")
    end = begin + len(word.encode())
    return span_at(code.co_filename, (node.lineno, node.lineno, begin, end))


def parameter_span(fn: Callable[..., Any], name: str) -> Span | None:
    """Return where a parameter of a function stands with its annotation, if known."""
    inner = inspect.unwrap(fn)
    node = function_node(inner.__code__) if isinstance(inner, FunctionType) else None
    for arg in ast.walk(node.args) if node else ():
        if isinstance(arg, ast.arg) and arg.arg == name:
            assert arg.end_lineno is not None and arg.end_col_offset is not None
            lines = arg.lineno, arg.end_lineno
            place = (*lines, arg.col_offset, arg.end_col_offset)
            return span_at(inner.__code__.co_filename, place)
    return None


def captured(fn: FunctionType) -> tuple[tuple[str, Expression], ...]:
    """Return the names that a function closes over, with their values."""
    cells = zip(fn.__code__.co_freevars, fn.__closure__ or (), strict=True)
    return tuple((name, expression_of(contents(cell))) for name, cell in cells)


def contents(cell: Any) -> Any:
    """Return what a closure's cell holds, or None while it holds nothing yet."""
    try:
        return cell.cell_contents
    except ValueError:
        return None


def is_async(fn: Callable[..., Any]) -> bool:
    """Return whether calling `fn` makes a coroutine or an async generator."""
    inner = inspect.unwrap(fn)
    return inspect.iscoroutinefunction(inner) or inspect.isasyncgenfunction(inner)
