"""What a leaf calls: a function of the author's with the values it closes over."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

from transpiler.capture.sites import expression_of
from transpiler.ir.expressions import Expression
from transpiler.ir.nodes import Function
from transpiler.source import Span


def describe_function(fn: Callable[..., Any]) -> Function:
    """Return the IR's view of a plain function, a lambda or a closure.

    >>> describe_function(lambda state: state).name
    '<lambda>'
    """
    inner = inspect.unwrap(fn)
    if not isinstance(inner, FunctionType):
        return Function(fn, getattr(fn, "__name__", type(fn).__name__))
    span = Span(inner.__code__.co_filename, inner.__code__.co_firstlineno)
    return Function(fn, inner.__name__, captured(inner), span)


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
