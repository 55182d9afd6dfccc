"""Drop what can't do anything: loops over nothing, conditions that are known.

Nobody writes `for name in []` or `if True` by hand. They come from helper functions
that compose workflows, such as a condition made of no predicates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from operator import is_
from typing import TypeVar

from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given
from transpiler.ir.walk import map_nodes

T = TypeVar("T", bound=ir.Node)


def drop_empty(workflow: ir.Workflow) -> ir.Workflow:
    """Return the workflow without the parts that do nothing in any run."""
    return replace(workflow, step=_dropped(workflow.step))


def _dropped(part: T) -> T:
    return map_nodes(part, _change)


def _change(node: ir.Node) -> ir.Node:
    match node:
        case ir.When():
            return _when(node)
        case ir.While(predicate, step):
            test = _simplified(predicate)
            if _is_never(test):
                return ir.Do((), span=node.span)
            if test is predicate:
                return node
            return replace(node, predicate=test, step=_dropped(step))
        case ir.Named(inner=inner) if _is_nothing(inner):
            # What has a name is in a trace.
            return replace(node, inner=_emptied(inner))
        case ir.ForEach(items=items) if _is_empty(items):
            return ir.Steps((), span=node.span)
        case ir.Do() | ir.InSerial() | ir.InParallel() if node.join_errors:
            # The message of the group of errors names the steps: they stay.
            told = set(map(id, _told(node)))
            made = map_nodes(node, lambda n: n if id(n) in told else _change(n))
            return replace(node) if made is node else made
        case _:
            return node


def _when(node: ir.When) -> ir.Node:
    test = _simplified(node.predicate)
    if _is_always(test):
        return _dropped(node.step)
    otherwise = _dropped(node.otherwise) if node.otherwise else None
    if _is_never(test):
        return otherwise or ir.Do((), span=node.span)
    if test is node.predicate:
        return node
    return replace(node, predicate=test, step=_dropped(node.step), otherwise=otherwise)


def _simplified(test: ir.Predicate) -> ir.Predicate:
    """Return a predicate without the parts that decide nothing."""
    match test:
        case ir.Not(predicate):
            inner = _simplified(predicate)
            if _is_always(inner):
                return ir.Or((), span=test.span)
            if _is_never(inner):
                return ir.And((), span=test.span)
            return test if inner is predicate else replace(test, predicate=inner)
        case ir.And(predicates):
            kept = _until(predicates, _is_never, _is_always)
        case ir.Or(predicates):
            kept = _until(predicates, _is_always, _is_never)
        case _:
            return test
    if len(kept) == 1:
        return kept[0]
    same = len(kept) == len(predicates) and all(map(is_, kept, predicates))
    return test if same else replace(test, predicates=kept)


def _until(
    predicates: tuple[ir.Predicate, ...],
    stops: Callable[[ir.Predicate], bool],
    ignored: Callable[[ir.Predicate], bool],
) -> tuple[ir.Predicate, ...]:
    """Return the predicates that may be asked and matter."""
    kept = []
    for predicate in map(_simplified, predicates):
        if not ignored(predicate):
            kept.append(predicate)
        if stops(predicate):
            break
    return tuple(kept)


def _is_always(test: ir.Predicate) -> bool:
    return isinstance(test, ir.And) and not test.predicates


def _is_never(test: ir.Predicate) -> bool:
    return isinstance(test, ir.Or) and not test.predicates


def _told(part: ir.Node) -> Iterator[ir.Node]:
    """Yield the nodes that the message of a group of errors depends on."""
    yield part
    inner: tuple[ir.Node, ...] = ()
    match part:
        case ir.Do(steps) | ir.Steps(steps):
            inner = steps
        case ir.InSerial(providers) | ir.InParallel(providers):
            inner = providers
        case ir.Named(inner=child) | ir.ForEach(body=child):
            inner = (child,)
        case ir.Logged(step=child) | ir.Traced(step=child):
            inner = (child,)
    for child in inner:
        yield from _told(child)


def _is_nothing(part: ir.Node) -> bool:
    """Whether a provider with names, or without, is a loop over nothing."""
    match part:
        case ir.Named(inner=inner):
            return _is_nothing(inner)
        case ir.ForEach(items=items):
            return _is_empty(items)
        case _:
            return False


def _emptied(part: ir.Node) -> ir.Node:
    """Return a loop over nothing without what would be done in it."""
    match part:
        case ir.Named(inner=inner):
            return replace(part, inner=_emptied(inner))
        case ir.ForEach():
            return replace(part, lets=(), body=ir.Do(()))
        case _:
            return part


def _is_empty(items: ir.Extract) -> bool:
    """Whether items are an empty list, not one with a name that may be filled yet."""
    match items:
        case ir.Value(Given([] | (), source)):
            return source is None or source.text.strip() in ("[]", "()")
        case _:
            return False
