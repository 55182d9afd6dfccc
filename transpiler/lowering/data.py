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
from transpiler.script.model import (
    Block,
    Body,
    For,
    Handler,
    Line,
    Statement,
    Try,
    With,
)
from transpiler.script.names import plural, singular

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
    if is_constant(node):
        return before, value
    if not _is_new_list(value, scope):
        value = f"list({value})"
    if not (named or keep):
        return before, value
    variable = scope.fresh(plural(item.name))
    before = (*before, Line(f"{variable} = {value}"))
    if named:
        before = (With((named,), (Block(before),)),)
    return before, variable


def lower_pipeline(node: ir.Pipeline, scope: Scope) -> Body:
    """Lower a value's way from an extract through transforms into a consume."""
    parts = (*node.transforms, node.consume)
    wanted = input_name(parts[0], "value")
    made, value = extracted(node.extract, scope, wanted)
    before, variable = _kept((made, value), scope, wanted)
    middle, variable = _through(node.transforms, variable, scope, parts[1:])
    return (Block((*before, *middle, *consumed(node.consume, scope, variable))),)


def _is_new_list(text: str, scope: Scope) -> bool:
    """Whether an expression makes a list that nobody else has."""
    match ast.parse(f"({text}\n)", mode="eval").body:
        case ast.ListComp():
            return True
        case ast.Call(func=ast.Name(id="list" | "sorted" as name)):
            return name not in scope.unit.bundle.bound
        case _:
            return False


def extracted(node: ir.Extract, scope: Scope, wanted: str) -> Value:
    """Return the expression of an extract, and the statements that go before it.

    `wanted` is what its value is called if it needs a variable.
    """
    match node:
        case ir.Call():
            return (), call(node, scope, scope.state)
        case ir.Value(value=written):
            return (), scope.write(written)
        case ir.From(extract, transforms):
            if not transforms:
                return extracted(extract, scope, wanted)
            first = input_name(transforms[0], wanted)
            before, value = _kept(extracted(extract, scope, first), scope, first)
            *but_last, last = transforms
            middle, value = _through(tuple(but_last), value, scope, transforms[1:])
            made, value = transformed(last, scope, value, wanted)
            return (*before, *middle, *made), value
        case ir.Collect(extract=extract):
            return _collected(extract, scope, wanted)
        case ir.Named(inner=inner):
            return _noted(node, extracted(inner, scope, wanted), scope, wanted)
        case _:
            assert_never(node)


def _through(
    transforms: tuple[ir.Transform, ...],
    value: str,
    scope: Scope,
    receivers: tuple[Any, ...],
) -> Value:
    """Put a value through transforms, each into a variable named by its receiver."""
    before: tuple[Statement, ...] = ()
    for transform, receiver in zip(transforms, receivers, strict=True):
        wanted = input_name(receiver, value)
        made, value = _kept(transformed(transform, scope, value, wanted), scope, wanted)
        before += made
    return before, value


def _kept(value: Value, scope: Scope, wanted: str) -> Value:
    """Put a value into a variable, unless it is one."""
    before, text = value
    if text.isidentifier() and text in scope.names.taken:
        return before, text
    name = scope.yielding(wanted)
    return (*before, Line(f"{name} = {text}")), name


def transformed(node: ir.Transform, scope: Scope, given: str, wanted: str) -> Value:
    """Return what a transform makes of a variable."""
    match node:
        case ir.Call():
            return (), call(node, scope, scope.state, given)
        case ir.Chain(transforms=transforms):
            if not transforms:
                return (), given
            *but_last, last = transforms
            middle, value = _through(tuple(but_last), given, scope, transforms[1:])
            made, result = transformed(last, scope, value, wanted)
            return (*middle, *made), result
        case ir.Render(transform=inner):
            return _rendered(inner, scope, given, wanted)
        case ir.Flatten():
            with scope.using(singular(wanted), singular(given)) as (element, elements):
                loops = f"for {elements} in {given} for {element} in {elements}"
                return (), f"[{element} {loops}]"
        case ir.Named(inner=inner):
            noted = transformed(inner, scope, given, wanted)
            return _noted(node, noted, scope, wanted)
        case ir.Map():
            raise AssertionError("flow makes a ForEach of it")
        case _:
            assert_never(node)


def consumed(node: ir.Consume, scope: Scope, given: str) -> tuple[Statement, ...]:
    """Return the statements in which a consume takes a variable."""
    match node:
        case ir.Call():
            return (Line(call(node, scope, scope.state, given)),)
        case ir.Feed(transforms, consume):
            receivers = (*transforms[1:], consume)
            before, value = _through(transforms, given, scope, receivers)
            return (*before, *consumed(consume, scope, value))
        case ir.Apply(consume=inner):
            wanted = input_name(inner, singular(given))
            with scope.using("index", wanted) as (index, element):
                each = consumed(inner, scope, element)
                return (_numbered(index, element, given, each, scope),)
        case ir.Named(name=name, inner=inner):
            body: Body = (Block(consumed(inner, scope, given)),)
            return tuple(s for b in noting(name, body, scope) for s in b.statements)
        case _:
            assert_never(node)


def _rendered(inner: ir.Transform, scope: Scope, given: str, wanted: str) -> Value:
    """Lower a transform of each element: a loop that says where it failed."""
    result = scope.yielding(wanted)
    with scope.using("index", input_name(inner, singular(given))) as (index, element):
        made, value = transformed(inner, scope, element, singular(result))
        body = (*made, Line(f"{result}.append({value})"))
        loop = _numbered(index, element, given, body, scope)
    return (Line(f"{result} = []"), loop), result


def _numbered(
    index: str, element: str, given: str, body: tuple[Statement, ...], scope: Scope
) -> For:
    """Return a loop whose errors get a note of which element they are about."""
    with scope.using("error") as (error,):
        handler = _noting_element(index, error)
    inside = Try((Block(body),), (handler,))
    return For(f"{index}, {element}", f"enumerate({given})", (Block((inside,)),))


def _noting_element(index: str, error: str) -> Handler:
    note = Line(f'{error}.add_note(f"element {{{index}}}")')
    return Handler("Exception", (Block((note, Line("raise"))),), error)


def _collected(inner: ir.Extract, scope: Scope, wanted: str) -> Value:
    """Lower a list of all that an extract gives, which an error of its own ends."""
    result = scope.yielding(wanted)
    exhausted = scope.unit.support("Exhausted")
    with scope.using("index", "error") as (index, error):
        made, value = extracted(inner, scope, singular(result))
        body = (*made, Line(f"{result}.append({value})"))
        end = Handler(exhausted, (Block((Line("break"),)),))
        tried = Try((Block(body),), (end, _noting_element(index, error)))
        numbers = f"{scope.unit.need('itertools', 'count')}()"
        loop = For(index, numbers, (Block((tried,)),))
    return (Line(f"{result} = []"), loop), result


def _noted(node: ir.Named, value: Value, scope: Scope, wanted: str) -> Value:
    """Put what makes a value under `with named(...)`, and the value in a variable."""
    before, name = _kept(value, scope, value_name(node.inner, wanted))
    noted = noting(node.name, (Block(before),), scope)
    return tuple(s for block in noted for s in block.statements), name


def input_name(node: Any, wanted: str) -> str:
    """Return the name of the parameter that receives a value."""
    match node:
        case ir.Call(function=function):
            parameters = list(inspect.signature(function.fn).parameters)
            return parameters[1] if len(parameters) > 1 else wanted
        case ir.Named(inner=inner):
            return input_name(inner, wanted)
        case ir.Render(transform=inner) | ir.Apply(consume=inner):
            name = input_name(inner, "")
            return plural(name) if name else wanted
        case ir.Chain(transforms=(first, *_)) | ir.Feed(transforms=(first, *_)):
            return input_name(first, wanted)
        case ir.Feed(consume=consume):
            return input_name(consume, wanted)
        case _:
            return wanted


_VERBS = ("read_", "get_", "list_", "find_", "load_", "fetch_", "make_")


def value_name(node: Any, wanted: str) -> str:
    """Return the name of what a function makes: `servers` of `list_servers`."""
    if isinstance(node, ir.Call):
        for verb in _VERBS:
            if node.function.name.startswith(verb):
                return node.function.name.removeprefix(verb)
    return wanted


def is_constant(node: ir.Extract) -> bool:
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
