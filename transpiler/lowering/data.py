"""Data: values that flow through well-named variables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import assert_never

from transpiler.frontend.callables import Inline, find_callable
from transpiler.ir import nodes as ir
from transpiler.ir.messages import misplaced_map
from transpiler.lowering.leaves import call, takes_no_time
from transpiler.lowering.lift import noting
from transpiler.lowering.naming import (
    element_kind,
    element_name,
    made_kind,
    makes_list,
    names_between,
    received_kind,
    value_name,
)
from transpiler.lowering.scope import UNKNOWN, Scope, caught
from transpiler.script.model import (
    Block,
    Body,
    For,
    Handler,
    Line,
    Statement,
    Try,
)


@dataclass(frozen=True, slots=True)
class Value:
    """An expression, and the statements that have to go before it.

    `kind` is its type, or "" if that is not known. One that `is_plain` reads well as an
    argument. One that `is_own` is a variable of ours, which nothing else reads; one
    that `is_fresh`, a list that nobody else has.
    """

    text: str
    before: tuple[Statement, ...] = ()
    kind: str = ""
    is_plain: bool = False
    is_own: bool = False
    is_fresh: bool = False

    @property
    def is_variable(self) -> bool:
        """Whether it is a name already."""
        return self.text.isidentifier()


def lower_pipeline(node: ir.Pipeline, scope: Scope) -> Body:
    """Lower a value's way from an extract through transforms into a consume."""
    parts = (*node.transforms, node.consume)
    names = names_between(parts, node.extract)
    value = extracted(node.extract, scope, names[0])
    value = _through(node.transforms, scope, value, names)
    return _paragraphs(consumed(node.consume, scope, value, names[-1]))


def _paragraphs(statements: tuple[Statement, ...]) -> Body:
    """Set what follows a loop off from it: each loop makes a list of its own."""
    blocks: list[list[Statement]] = [[]]
    for statement in statements:
        if blocks[-1] and isinstance(blocks[-1][-1], For):
            blocks.append([])
        blocks[-1].append(statement)
    return tuple(Block(tuple(block)) for block in blocks)


def extracted(node: ir.Extract, scope: Scope, wanted: str) -> Value:
    """Return the value of an extract; `wanted` is what it is called by who takes it."""
    match node:
        case ir.Call(function=function):
            plain = isinstance(find_callable(function), Inline)
            before = scope.starting()
            if scope.limit is not None:
                plain = takes_no_time(node)
                scope.take_time(plain)
            text = call(node, scope, scope.state)
            return _made(Value(text, before, made_kind(node), is_plain=plain))
        case ir.Value(value=written):
            return Value(scope.write(written), kind=made_kind(node), is_plain=True)
        case ir.From(extract, transforms):
            names = (*names_between(transforms, extract, wanted), wanted)
            value = extracted(extract, scope, names[0])
            return _through(transforms, scope, value, names)
        case ir.Collect(extract=inner):
            return _collected(inner, scope, wanted)
        case ir.Named(inner=inner):
            value = extracted(inner, scope, wanted)
            return _noted(node, value, scope, value_name(inner) or wanted)
        case _:
            assert_never(node)


def _made(value: Value) -> Value:
    """Return what a call makes: of one that says it makes None, no value is used."""
    if value.kind != "None":
        return value
    return Value("None", (*value.before, Line(value.text)), value.kind, is_plain=True)


def _through(
    transforms: tuple[ir.Transform, ...],
    scope: Scope,
    value: Value,
    names: tuple[str, ...],
) -> Value:
    """Put a value through transforms; `names` are those of all values on the way."""
    for transform, (given, made) in zip(transforms, pairwise(names), strict=True):
        value = transformed(transform, scope, value, given, made)
    return value


def kept(value: Value, scope: Scope, wanted: str) -> Value:
    """Put a value into a variable, unless it is one."""
    if value.is_variable and scope.names.is_taken(value.text):
        return value
    kind = value.kind or UNKNOWN
    other = f"new_{wanted}"
    if not scope.serves(wanted, kind) and scope.serves(other, kind):
        wanted = other
    name = scope.fresh(wanted, kind)
    before = (*value.before, Line(f"{name} = {value.text}"))
    return replace(value, text=name, before=before, is_plain=False, is_own=True)


def transformed(
    node: ir.Transform, scope: Scope, given: Value, name: str, wanted: str
) -> Value:
    """Return what a transform makes of a value.

    The value is called `name` if it needs a variable, what is made of it is `wanted`.
    """
    match node:
        case ir.Call():
            given = _argument(node, scope, given, name)
            before = (*given.before, *scope.starting())
            text = call(node, scope, scope.state, given.text)
            made = _made(Value(text, before, made_kind(node)))
            if not given.is_own:
                return made
            # Nothing reads what it is made of any more: it may have the same name.
            scope.names.release(given.text)
            same = given.text == wanted and made.kind == given.kind != ""
            return kept(made, scope, wanted) if same else made
        case ir.Chain(transforms=transforms):
            if not transforms:
                return given
            names = (name, *names_between(transforms, None, wanted)[1:], wanted)
            return _through(transforms, scope, given, names)
        case ir.Render(transform=inner):
            return _rendered(inner, scope, given, name, wanted)
        case ir.Flatten():
            given = given if given.is_plain else kept(given, scope, name)
            with scope.using("group") as (group,):
                element = scope.fresh(element_name(None, wanted))
                scope.names.release(element)
                loops = f"for {group} in {given.text} for {element} in {group}"
            kind = made_kind(node, given.kind)
            return Value(f"[{element} {loops}]", given.before, kind, is_fresh=True)
        case ir.Named(inner=inner):
            given = kept(given, scope, name)
            inside = replace(given, before=())
            noted = _noted(
                node, transformed(inner, scope, inside, name, wanted), scope, wanted
            )
            return replace(noted, before=(*given.before, *noted.before))
        case ir.Map():
            raise misplaced_map(node)
        case _:
            assert_never(node)


def consumed(
    node: ir.Consume, scope: Scope, given: Value, name: str
) -> tuple[Statement, ...]:
    """Return the statements in which a consume takes a value."""
    match node:
        case ir.Call():
            given = _argument(node, scope, given, name)
            before = (*given.before, *scope.starting())
            return (*before, Line(call(node, scope, scope.state, given.text)))
        case ir.Feed(transforms, consume):
            names = (name, *names_between((*transforms, consume), None, name)[1:])
            given = _through(transforms, scope, given, names)
            return consumed(consume, scope, given, names[-1])
        case ir.Apply(consume=inner):
            given = given if given.is_plain else kept(given, scope, name)
            with _each(inner, scope, given, name) as (index, element):
                body = consumed(inner, scope, element, element.text)
                loop = _numbered(index, element.text, given.text, body, scope)
            return (*given.before, loop)
        case ir.Named(inner=inner):
            given = kept(given, scope, name)
            inside = replace(given, before=())
            body_inside: Body = (Block(consumed(inner, scope, inside, name)),)
            noted = noting(node.name, body_inside, scope)
            return (*given.before, *(s for block in noted for s in block.statements))
        case _:
            assert_never(node)


def _argument(node: ir.Call, scope: Scope, given: Value, name: str) -> Value:
    """Return a value as an argument of a call: in a variable unless it reads well."""
    inline = isinstance(find_callable(node.function), Inline)
    return given if given.is_plain and not inline else kept(given, scope, name)


def _rendered(
    inner: ir.Transform, scope: Scope, given: Value, name: str, wanted: str
) -> Value:
    """Lower a transform of each element: a loop that says where it failed."""
    given = given if given.is_plain else kept(given, scope, name)
    if wanted == given.text or (wanted.startswith("nested_") and makes_list(inner)):
        wanted = f"new_{given.text if given.is_variable else name}"
    kind = made_kind(ir.Render(inner), given.kind)
    result = scope.fresh(wanted, kind or UNKNOWN)
    with _each(inner, scope, given, name) as (index, element):
        value = transformed(inner, scope, element, element.text, _single(wanted))
        body = (*value.before, Line(f"{result}.append({value.text})"))
        loop = _numbered(index, element.text, given.text, body, scope)
    if given.is_own:
        scope.names.release(given.text)
    before = (*given.before, Line(f"{result} = []"), loop)
    return Value(result, before, kind, is_own=True, is_fresh=True)


def _single(wanted: str) -> str:
    """Return what one of several is called: `new_pages` -> `new_page`."""
    prefix = "new_" if wanted.startswith("new_") else ""
    return prefix + element_name(None, wanted.removeprefix(prefix))


@contextmanager
def _each(
    node: ir.Transform | ir.Consume, scope: Scope, given: Value, name: str
) -> Iterator[tuple[str, Value]]:
    """Take names for a loop over a list: its index, and an element of it."""
    mark = scope.names.mark
    scope.take_time()
    elements = given.text if given.is_variable else name
    kind = element_kind(given.kind) or received_kind(node)
    index = scope.yielding("index", "int")
    element = scope.fresh(element_name(node, elements), kind or UNKNOWN)
    yield index, Value(element, kind=kind, is_own=True)
    # What is made of an element is gone with it.
    scope.release_since(mark)
    scope.take_time()


def _numbered(
    index: str, element: str, given: str, body: tuple[Statement, ...], scope: Scope
) -> For:
    """Return a loop whose errors get a note of which element they are about."""
    inside = Try((Block(body),), (_noting_element(index, scope),))
    return For(f"{index}, {element}", f"enumerate({given})", (Block((inside,)),))


def _noting_element(index: str, scope: Scope) -> Handler:
    error = caught(scope)
    note = Line(f'{error}.add_note(f"element {{{index}}}")')
    return Handler("Exception", (Block((note, Line("raise"))),), error)


def _collected(inner: ir.Extract, scope: Scope, wanted: str) -> Value:
    """Lower a list of all that an extract gives, which an error of its own ends."""
    kind = made_kind(ir.Collect(inner))
    result = scope.fresh(wanted, kind or UNKNOWN)
    exhausted = scope.unit.support("Exhausted")
    mark = scope.names.mark
    index = scope.yielding("index", "int")
    scope.take_time()
    value = extracted(inner, scope, _single(wanted))
    scope.take_time()
    body = (*value.before, Line(f"{result}.append({value.text})"))
    end = Handler(exhausted, (Block((Line("break"),)),))
    tried = Try((Block(body),), (end, _noting_element(index, scope)))
    numbers = f"{scope.unit.need('itertools', 'count')}()"
    loop = For(index, numbers, (Block((tried,)),))
    scope.release_since(mark)
    before = (Line(f"{result} = []"), loop)
    return Value(result, before, kind, is_own=True, is_fresh=True)


def _noted(node: ir.Named, value: Value, scope: Scope, wanted: str) -> Value:
    """Put what makes a value under `with named(...)`, and the value in a variable."""
    value = kept(value, scope, wanted)
    noted = noting(node.name, (Block(value.before),), scope)
    return replace(value, before=tuple(s for block in noted for s in block.statements))
