"""What loops run over: constants in their place, anything else read once."""

from __future__ import annotations

import ast
import sys
from collections.abc import Container
from dataclasses import replace

from transpiler.capture.files import source_file
from transpiler.frontend.callables import Inline, find_callable
from transpiler.frontend.references import free_names
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Computed, Given, Item, Let, Source, parsed
from transpiler.lowering.data import Value, extracted, kept
from transpiler.lowering.naming import element_kind
from transpiler.lowering.scope import Scope
from transpiler.script.model import Block, With
from transpiler.script.names import plural


def items_expression(
    node: ir.Extract, scope: Scope, item: Item, *, named: str = "", keep: bool = False
) -> Value:
    """Return what a loop runs over.

    Constants are read where they are; anything else is read once, by `list(...)`, as a
    step may change it. With `keep` that is done before, and a variable returned.
    `named` is the context manager that errors of reading are noted by.
    """
    wanted = plural(item.name)
    if not scope.is_free(wanted):
        wanted = f"all_{wanted}"
    value = extracted(node, scope, wanted)
    if is_constant(node):
        if not (named and scope.unit.tracking.traces):
            if named and value.before:
                # The time limit is asked, and notes on its error too.
                before = (With((named,), (Block(value.before),)),)
                return replace(value, before=before)
            return value
        # A trace has the part that reads it.
    elif not value.is_fresh and not _is_new_list(value.text, scope):
        kind = element_kind(value.kind)
        text = f"list({value.text})"
        if value.is_own and value.kind == f"list[{kind}]":
            # Nothing else reads what it was.
            scope.names.release(value.text)
        value = Value(text, value.before, f"list[{kind}]" if kind else "")
    elif value.is_fresh and not value.is_variable:
        # A comprehension is a line of its own.
        value = kept(value, scope, wanted)
    if not (named or (keep and not value.is_variable)):
        return value
    value = kept(value, scope, wanted)
    if named:
        return replace(value, before=(With((named,), (Block(value.before),)),))
    return value


def variables(node: ir.ForEach) -> tuple[Item, ...]:
    """Return the variables of a loop: its item, or what that is unpacked to."""
    return node.parts or (node.item,)


def _is_new_list(text: str, scope: Scope) -> bool:
    """Whether an expression makes a list that nobody else has."""
    return _makes_list(parsed(text), scope.unit.bundle.bound)


def _makes_list(node: ast.expr, bound: Container[str]) -> bool:
    """Whether an expression makes a list; `bound` are the names of its module."""
    match node:
        case ast.ListComp():
            return True
        case ast.Call(func=ast.Name(id="list" | "sorted" as name)):
            return name not in bound
        case _:
            return False


def is_constant(node: ir.Extract) -> bool:
    """Whether what a loop runs over can't change while it runs."""
    match node:
        case ir.Call():
            callee = find_callable(node.function)
            return isinstance(callee, Inline) and _is_constant_source(callee.body)
        case ir.Value(value=Given(source=None)):
            return True
        case ir.Value(value=Given(source=Source(calls=True))):
            # Else it would not have stayed in its place.
            return True
        case ir.Value(value=Let(value=Given(source=Source() as source))):
            # One of a run, which nothing but the loop has.
            return _makes_list(parsed(source.text), source.globals)
        case ir.Value(value=Given(source=Source() as source)):
            return bool(source.names) or _is_constant_source(source)
        case ir.Value(value=Computed(Source(text=text, names={}) as source)):
            # Of steps that were folded.
            inner = replace(source, text=text.removesuffix(".items()"))
            return not source.names and _is_constant_source(inner)
        case _:
            return False


def length_of(node: ir.Extract) -> int | None:
    """Return how many items a loop has whose items are written out in their place."""
    match node:
        case ir.Value(value=Given(value=range() as items)):
            return len(items)
        case ir.Value(value=Given(value=list() | tuple() as items, source=source)):
            text = source.text if source is not None else "[]"
            written = parsed(text)
            spread = any(isinstance(x, ast.Starred) for x in ast.walk(written))
            display = isinstance(written, (ast.List, ast.Tuple)) and not spread
            return len(items) if display else None
        case _:
            return None


def _is_constant_source(source: Source) -> bool:
    tree = parsed(source.text)
    if isinstance(tree, (ast.List, ast.Tuple, ast.Constant)):
        return not free_names(source.text) & source.names.keys()
    if not isinstance(tree, ast.Name) or tree.id in source.names:
        return False
    module = sys.modules.get(source.module)
    file = source_file(getattr(module, "__file__", None) or source.span.path)
    return file is not None and tree.id in file.constants
