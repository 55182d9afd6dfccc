"""How a leaf's function is found in the script: by name, in place, or lifted."""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import FunctionType
from typing import Any

from transpiler.capture.files import (
    function_node,
    lambda_node,
    position_of,
    source_file,
    span_at,
)
from transpiler.capture.functions import definition_span
from transpiler.capture.sites import expression_of
from transpiler.diagnostics import refuse
from transpiler.flow.leaves import Workflow
from transpiler.frontend.rebinding import refuse_changing, refuse_rebinding
from transpiler.ir.expressions import Expression, Item, Source
from transpiler.ir.nodes import Function
from transpiler.source import NOWHERE


@dataclass(frozen=True, slots=True)
class Reached:
    """A function that has a name: `module` and `name` are its root, `path` the rest."""

    module: str
    name: str
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inline:
    """A lambda: its body, over items that stand for its parameters."""

    parameters: tuple[Item, ...]
    body: Source


@dataclass(frozen=True, slots=True)
class Inner:
    """A function defined inside a constructor, to be lifted out of it.

    What the workflow's own function defines counts as its own constructor.
    """

    fn: FunctionType
    node: ast.FunctionDef
    constructor: str
    captured: tuple[tuple[str, Expression], ...]


Callee = Reached | Inline | Inner


@functools.cache
def find_callable(function: Function) -> Callee:
    """Return how the script gets at a function of the author's.

    Raises TranspileError where its source can't be read.
    """
    reached = _reached(function.fn)
    if reached is not None:
        return reached
    fn = inspect.unwrap(function.fn)
    if isinstance(fn, FunctionType):
        _refuse_wrapping(fn, function)
        if fn.__name__ == "<lambda>":
            inline = _inline(fn, function)
            if inline is not None:
                return inline
        else:
            node = function_node(fn.__code__)
            if isinstance(node, ast.FunctionDef) and "<locals>" in fn.__qualname__:
                # The function around it, itself perhaps a method or inside another.
                constructor = fn.__qualname__.split(".<locals>.")[-2].rpartition(".")[2]
                if isinstance(fn.__globals__.get(constructor), Workflow):
                    constructor = fn.__name__
                refuse_rebinding(function, fn, node, constructor)
                taken = _in_order(function.captured, fn.__globals__.get(constructor))
                return Inner(fn, node, constructor, taken)
    known = definition_span(fn) or NOWHERE
    raise refuse(
        "FLOW204",
        f"the source of {_described(function)} can't be read, so the script can't "
        "have it",
        span=known,
        hint="write it as a function or a lambda of a file, not with eval or exec",
    )


def _in_order(
    captured: tuple[tuple[str, Expression], ...], constructor: object
) -> tuple[tuple[str, Expression], ...]:
    """Return what a closure closes over in the order of its constructor's parameters.

    Python sorts it by name.
    """
    maker = inspect.unwrap(constructor) if callable(constructor) else None
    known = maker.__code__.co_varnames if isinstance(maker, FunctionType) else ()
    places = {name: place for place, name in enumerate(known)}
    return tuple(sorted(captured, key=lambda pair: places.get(pair[0], len(places))))


def _refuse_wrapping(fn: FunctionType, function: Function) -> None:
    """Refuse a function in a wrapper that no decorator of its own put around it."""
    wrappers, outer = 0, function.fn
    while outer is not fn:
        outer, wrappers = getattr(outer, "__wrapped__", fn), wrappers + 1
    node = function_node(fn.__code__) if fn.__name__ != "<lambda>" else None
    if wrappers > len(node.decorator_list if node else ()):
        raise refuse(
            "FLOW204",
            f"{_described(function)} is wrapped by a function here, and the script "
            "would not have the wrapper",
            hint="decorate it where it is defined, or assign what wraps it to a name "
            "of the module, and use that",
        )


def _described(function: Function) -> str:
    return "a lambda" if function.name == "<lambda>" else function.name


def _reached(fn: Callable[..., Any]) -> Reached | None:
    """Find a function by the name of its module and its own."""
    module = getattr(fn, "__module__", None)
    path = getattr(fn, "__qualname__", "").split(".")
    found: Any = sys.modules.get(module or "")
    if module is None or found is None:
        return None
    if "<locals>" not in path:
        value = found
        for name in path:
            value = getattr(value, name, None)
        # The name may be bound to the decorated function.
        if fn in (value, getattr(value, "_fn", None)):
            return Reached(module, path[0], tuple(path[1:]))
    elif not hasattr(fn, "__wrapped__"):
        return None
    if path[-1] == "<lambda>" and not hasattr(fn, "__wrapped__"):
        return None
    # What is wrapped, or defined again, may have another name than its own.
    for name, value in vars(found).items():
        if value is fn:
            return Reached(module, name)
    return None


def _inline(fn: FunctionType, function: Function) -> Inline | None:
    node = lambda_node(fn.__code__)
    file = source_file(fn.__code__.co_filename)
    if node is None or file is None:
        return None
    refuse_changing(function, fn, node)
    names: dict[str, Expression] = dict(function.captured)
    parameters = []
    for parameter in inspect.signature(fn).parameters.values():
        if parameter.default is inspect.Parameter.empty:
            item = Item(parameter.name)
            parameters.append(item)
            names[parameter.name] = item
        else:
            # `lambda state, n=n: ...` keeps the value that n had in its turn.
            default = dict(function.defaults).get(parameter.name)
            names[parameter.name] = default or expression_of(parameter.default)
    position = position_of(node.body)
    span = span_at(file.path, position)
    body = Source(file.slice(position), fn.__globals__, names, span)
    return Inline(tuple(parameters), body)


def constructor_of(function: Function) -> FunctionType | None:
    """Return the plain function that made a closure, if its module has it.

    An entry point is none: its name is the workflow's.
    """
    path = getattr(function.fn, "__qualname__", "").split(".<locals>.")
    if len(path) < 2 or not isinstance(function.fn, FunctionType):
        return None
    made_by = function.fn.__globals__.get(path[-2])
    return made_by if isinstance(made_by, FunctionType) else None


def parameter_annotation(fn: Callable[..., Any], name: str) -> Source | None:
    """Return the annotation of a function's parameter as written, if it has one."""
    return _annotation(fn, lambda node: _annotations(node).get(name))


def return_annotation(fn: Callable[..., Any]) -> Source | None:
    """Return the annotation of what a function returns as written, if it has one."""
    return _annotation(fn, lambda node: node.returns)


def returned_argument(fn: Callable[..., Any]) -> Source | None:
    """Return X as written if a function is annotated to return `Step[X]`."""
    found = return_annotation(fn)
    if found is None:
        return None
    whole = ast.parse(found.text, mode="eval").body
    if not isinstance(whole, ast.Subscript):
        return None
    text = ast.get_source_segment(found.text, whole.slice)
    return replace(found, text=text) if text else None


def _annotations(
    node: ast.FunctionDef | ast.AsyncFunctionDef,
) -> dict[str, ast.expr | None]:
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return {arg.arg: arg.annotation for arg in every}


def _annotation(
    fn: Callable[..., Any],
    pick: Callable[[ast.FunctionDef | ast.AsyncFunctionDef], ast.expr | None],
) -> Source | None:
    inner = inspect.unwrap(fn)
    if not isinstance(inner, FunctionType):
        return None
    node, file = function_node(inner.__code__), source_file(inner.__code__.co_filename)
    found = pick(node) if node else None
    if found is None or file is None:
        return None
    span = span_at(file.path, position_of(found))
    if isinstance(found, ast.Constant) and isinstance(found.value, str):
        # An annotation in quotes: what it says is the type.
        return Source(found.value, inner.__globals__, {}, span)
    return Source(file.slice(position_of(found)), inner.__globals__, {}, span)
