"""Data: values that flow through well-named variables."""

from __future__ import annotations

import ast
import inspect
import sys
from typing import Any, assert_never

from transpiler.capture.files import source_file
from transpiler.frontend.callables import Inline, find_callable
from transpiler.frontend.references import free_names
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given, Item, Source
from transpiler.lowering.leaves import call
from transpiler.lowering.lift import noting
from transpiler.lowering.scope import Scope
from transpiler.script.model import Block, Body, Line, Statement, With
from transpiler.script.names import plural

Value = tuple[tuple[Statement, ...], str]
"""An expression, and the statements that have to go before it."""


def items_expression(
    node: ir.Extract, scope: Scope, item: Item, *, named: str = "", keep: bool = False
) -> Value:
    """Return what a loop runs over, and the statements that it takes to get there.

    Constants are read where they are; anything else is read once, by `list(...)`, as a
    step may change it. With `keep` that is done before, and a variable returned.
    `named` is the context manager that errors of reading are noted by.
    """
    before, value = extracted(node, scope, plural(item.name))
    if _is_constant(node):
        return before, value
    value = f"list({value})"
    if not (named or keep):
        return before, value
    variable = scope.fresh(plural(item.name))
    before = (*before, Line(f"{variable} = {value}"))
    if named:
        before = (With((named,), (Block(before),)),)
    return before, variable


def extracted(node: ir.Extract, scope: Scope, wanted: str) -> Value:
    """Return the expression of an extract, and the statements that go before it.

    `wanted` is what its value is called if it needs a variable and nothing better.
    """
    match node:
        case ir.Call():
            return (), call(node, scope, scope.state)
        case ir.Value(value=written):
            return (), scope.write(written)
        case ir.From(extract, transforms):
            before, value = extracted(extract, scope, wanted)
            for transform in transforms:
                name = scope.fresh(_input_name(transform, wanted))
                made, result = _transformed(transform, scope, name)
                before, value = (*before, Line(f"{name} = {value}"), *made), result
            return before, value
        case ir.Named(inner=inner):
            return _noted(node, extracted(inner, scope, wanted), scope, wanted)
        case _:
            assert_never(node)


def _transformed(node: ir.Transform, scope: Scope, given: str) -> Value:
    match node:
        case ir.Call():
            return (), call(node, scope, scope.state, given)
        case ir.Named(inner=inner):
            return _noted(node, _transformed(inner, scope, given), scope, "result")
        case ir.Map():
            raise AssertionError("flow makes a ForEach of it")
        case _:
            assert_never(node)


def _noted(node: ir.Named, value: Value, scope: Scope, wanted: str) -> Value:
    """Put what makes a value under `with named(...)`, and the value in a variable."""
    before, text = value
    name = scope.fresh(_value_name(node.inner, wanted))
    body: Body = (Block((*before, Line(f"{name} = {text}"))),)
    noted = noting(node.name, body, scope)
    return tuple(s for block in noted for s in block.statements), name


def _input_name(node: ir.Transform, wanted: str) -> str:
    """Return the name of the parameter that receives a value."""
    inner: Any = node
    while isinstance(inner, ir.Named):
        inner = inner.inner
    if isinstance(inner, ir.Call):
        parameters = list(inspect.signature(inner.function.fn).parameters)
        if len(parameters) > 1:
            return parameters[1]
    return wanted


_VERBS = ("read_", "get_", "list_", "find_", "load_", "fetch_", "make_")


def _value_name(node: Any, wanted: str) -> str:
    """Return the name of what a function makes: `servers` of `list_servers`."""
    if isinstance(node, ir.Call):
        for verb in _VERBS:
            if node.function.name.startswith(verb):
                return node.function.name.removeprefix(verb)
    return wanted


def _is_constant(node: ir.Extract) -> bool:
    """Whether what a loop runs over can't change while it runs."""
    match node:
        case ir.Call():
            callee = find_callable(node.function)
            return isinstance(callee, Inline) and _is_constant_source(callee.body)
        case ir.Value(value=Given(source=None)):
            return True
        case ir.Value(value=Given(source=Source() as source)):
            return bool(source.names) or _is_constant_source(source)
        case _:
            return False


def _is_constant_source(source: Source) -> bool:
    tree = ast.parse(f"({source.text}\n)", mode="eval").body
    if isinstance(tree, (ast.List, ast.Tuple, ast.Constant)):
        return not free_names(source.text) & source.names.keys()
    if not isinstance(tree, ast.Name) or tree.id in source.names:
        return False
    module = sys.modules.get(source.module)
    file = source_file(getattr(module, "__file__", None) or source.span.path)
    return file is not None and tree.id in file.constants
