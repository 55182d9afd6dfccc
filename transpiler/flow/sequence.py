"""Sequence: steps one after another, and what provides them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Any

from transpiler.capture.markers import Built, Leaf
from transpiler.capture.rewrite import build
from transpiler.capture.sites import CallSite, call_site
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import TranspileError, refuse, report
from transpiler.flow.accept import LeafFunction, accept, merged_state, stand_in
from transpiler.flow.durations import item_kind
from transpiler.flow.kinds import (
    Extract,
    ExtractLike,
    Provider,
    ProviderLike,
    S,
    Step,
    StepLike,
    T,
    Transform,
)
from transpiler.flow.words import label
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Computed, Expression, Item, Let, items_of
from transpiler.ir.walk import map_expressions, map_source
from transpiler.source import Span


def do(*steps: StepLike[S], join_errors: bool = False) -> Step[S]:
    """Run steps in order; the first error stops it. Without steps, do nothing.

    With `join_errors` all run, and then one ExceptionGroup holds their errors.
    """
    site = call_site(do)
    parts = [accept(Step, step, site, index) for index, step in enumerate(steps)]
    node = ir.Do(tuple(part.node for part in parts), join_errors, span=site.span)
    return Step(node, merged_state(site, parts))


def steps(*steps: StepLike[S]) -> Provider[S]:
    """Provide a fixed list of steps to in_serial or in_parallel."""
    site = call_site(globals()["steps"])
    parts = [accept(Step, step, site, index) for index, step in enumerate(steps)]
    node = ir.Steps(tuple(part.node for part in parts), span=site.span)
    return Provider(node, merged_state(site, parts))


def in_serial(*providers: ProviderLike[S], join_errors: bool = False) -> Step[S]:
    """Run the steps of providers in order, each expanded when its turn comes.

    With `join_errors` all run, and then one ExceptionGroup holds their errors; a
    provider that fails is among them.
    """
    site = call_site(in_serial)
    nodes, parts = accept_providers(providers, site)
    node = ir.InSerial(nodes, join_errors, span=site.span)
    return Step(node, merged_state(site, parts))


def for_each(
    items: ExtractLike[S, Iterable[T]] | Sequence[T],
    body: Callable[[T], StepLike[S]],
) -> Provider[S]:
    """Provide one step per item.

    Parameters:
        items: an extract of the items, or a sequence that is known now.
        body: makes the step of an item. It is called once, with a stand-in for the
            item, which may be passed on and used in any expression.

    Example:
        >>> seen = []
        >>> each = for_each(lambda state: state, lambda n: lambda state: seen.append(n))
        >>> in_serial(each).run([1, 2])
        >>> seen
        [1, 2]
    """
    site = call_site(for_each)
    if _is_known(items):
        _check_items(items, site)
        value = ir.Value(site.expression(0, items), span=site.span_of(0))
        source: Extract[Any, Any] = Extract(value)
    else:
        source = accept(Extract, items, site, 0)
    item, lets, step = captured_body(body, site, 1, item_kind(source.node))
    node = ir.ForEach(source.node, item, lets, step.node, span=site.span)
    return Provider(node, merged_state(site, [source, step]))


def map_(body: Callable[[T], StepLike[S]]) -> Transform[S, Iterable[T], Provider[S]]:
    """Make steps of items: `from_(x, map_(body))` is `for_each(x, body)`."""
    site = call_site(map_)
    item, lets, step = captured_body(body, site, 0)
    return Transform(ir.Map(item, lets, step.node, span=site.span), step.state)


def accept_providers(
    providers: Iterable[Any], site: CallSite
) -> tuple[tuple[ir.Provider, ...], list[Any]]:
    """Return providers as nodes, with steps that stand for providers as one of them."""
    nodes: list[ir.Provider] = []
    parts: list[Any] = []
    for index, value in enumerate(providers):
        part: Any
        if isinstance(value, Provider):
            part, node = value, value.node
        elif isinstance(value, Extract) and _provides(value.node):
            part, node = value, _as_provider(value.node)
        else:
            part = accept(Step, value, site, index)
            node = ir.Steps((part.node,), span=part.node.span)
        nodes.append(node)
        parts.append(part)
    return tuple(nodes), parts


def captured_body(
    body: Callable[..., Any], site: CallSite, key: int, kind: Any = None
) -> tuple[Item, tuple[Let, ...], Step[Any]]:
    """Call a body once with a stand-in for its item; return the item and the step.

    `kind` is the item's type, if that is known.
    """
    span = site.span_of(key)
    if isinstance(body, Built) or not callable(body):
        report(
            refuse(
                "FLOW101",
                f"{label(body)} stands where the body of a loop belongs",
                span=span,
                hint="a body is a function from an item to a step: "
                "lambda item: step(item)",
            )
        )
        return Item("item"), (), stand_in(Step)
    item = Item(_item_name(body), span, holds=kind)
    try:
        _check_parameters(body, span)
        made = build(body, Symbol(item))
        if made is None:
            raise refuse(
                "FLOW107",
                "the body of this loop returns nothing, where a step belongs",
                span=span,
                hint="return the step: flow.do(...) for several, flow.do() for none",
            )
        step: Step[Any] = accept(Step, made, site, key, "the body of this loop")
    except TranspileError as error:
        report(error)
        step = stand_in(Step)
    lets: dict[int, Let] = {}
    node = map_expressions(step.node, lambda x, name: _let(x, name, item, lets))
    return item, tuple(lets.values()), Step(node, step.state)


def _check_items(items: Any, site: CallSite) -> None:
    if isinstance(items, Symbol):
        return
    if isinstance(items, Iterable):
        if isinstance(items, Iterator):
            report(
                refuse(
                    "FLOW101",
                    f"{label(items)} stands where the items of a loop belong, but can "
                    "be gone through only once",
                    span=site.span_of(0),
                    hint="give a sequence: list(...) of it",
                )
            )
        return
    report(
        refuse(
            "FLOW101",
            f"{label(items)} stands where the items of a loop belong",
            span=site.span_of(0),
            hint="give a sequence, or an extract of one: lambda state: state.items",
        )
    )


def _check_parameters(body: Callable[..., Any], span: Span) -> None:
    """Refuse a body that can't be called with an item, and nothing else."""
    if isinstance(_inner(body), Leaf):
        return  # Its own call says what is wrong.
    try:
        taken = inspect.signature(body)
    except (TypeError, ValueError):
        return
    try:
        taken.bind("item")
    except TypeError:
        raise refuse(
            "FLOW101",
            f"the body of this loop takes {taken}, but is given one item",
            span=span,
            hint="a body is a function from an item to a step: lambda item: step(item)",
        ) from None


def _let(
    expression: Expression, name: str, item: Item, lets: dict[int, Let]
) -> Expression:
    """Take a call on an item out of its body, to be evaluated once, before it.

    One that is on other items alone is for what is around to take.
    """
    if id(expression) in lets:
        return lets[id(expression)]
    made = map_source(expression, lambda x, inner: _let(x, inner, item, lets))
    if not isinstance(made, Computed):
        return made
    if made.source.calls and items_of(made) & {item, *lets.values()}:
        lets[id(expression)] = Let(name, made)
        return lets[id(expression)]
    return made


def _inner(body: Callable[..., Any]) -> Callable[..., Any]:
    """Return what a partial calls."""
    return body.func if isinstance(body, partial) else body


def _item_name(body: Callable[..., Any]) -> str:
    inner = _inner(body)
    # A leaf is called with the state first, which it does not take here.
    before = int(isinstance(inner, LeafFunction))
    if before and isinstance(body, partial):
        before += len(body.args)
        body = inner
    try:
        parameters = list(inspect.signature(body.fn if before else body).parameters)  # type: ignore[attr-defined]  # a leaf has fn
    except (TypeError, ValueError):
        return "item"
    return parameters[before] if len(parameters) > before else "item"


def _is_known(items: object) -> bool:
    return not isinstance(items, (Built, Leaf)) and not callable(items)


def _provides(node: ir.Extract) -> bool:
    match node:
        case ir.From(transforms=transforms):
            return any(isinstance(last, ir.Map) for last in _flat(transforms)[-1:])
        case ir.Named(inner=inner):
            return _provides(inner)
        case _:
            return False


def _flat(transforms: tuple[ir.Transform, ...]) -> tuple[ir.Transform, ...]:
    """Return a series of transforms with those of a chain at its end."""
    match transforms:
        case (*before, ir.Chain(transforms=inner)):
            return (*before, *_flat(inner))
        case _:
            return transforms


def _as_provider(node: ir.Extract) -> ir.Provider:
    match node:
        case ir.From(extract, transforms):
            *before, last = _flat(transforms)
            assert isinstance(last, ir.Map)
            items = ir.From(extract, tuple(before), span=node.span)
            source = items if before else extract
            return ir.ForEach(source, last.item, last.lets, last.body, span=node.span)
        case ir.Named(name, inner):
            return ir.Named(name, _as_provider(inner), span=node.span)
        case _:
            raise AssertionError(node)
