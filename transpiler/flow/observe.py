"""Seeing what happens: names for the parts of a workflow."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar, overload

from transpiler.capture.markers import Built, Leaf
from transpiler.capture.sites import call_site
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import refuse, report
from transpiler.flow.accept import LeafFunction, accept, is_entry_point, stand_in
from transpiler.flow.kinds import (
    A,
    B,
    BareConsume,
    BareExtract,
    BareStep,
    BareTransform,
    Consume,
    Extract,
    Provider,
    S,
    Step,
    Transform,
    U,
)
from transpiler.flow.predicates import BarePredicate, Predicate
from transpiler.flow.words import label, shown
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given

K = TypeVar(
    "K",
    bound=Step[Any]
    | Extract[Any, Any]
    | Transform[Any, Any, Any]
    | Consume[Any, Any]
    | Predicate[Any]
    | Provider[Any],
)


@overload
def named(name: str, x: K, /) -> K: ...
@overload
def named(name: str, x: BareStep[S], /) -> Step[S]: ...
@overload
def named(name: str, x: BareExtract[S, U], /) -> Extract[S, U]: ...
@overload
def named(name: str, x: BareTransform[S, A, B], /) -> Transform[S, A, B]: ...
@overload
def named(name: str, x: BareConsume[S, A], /) -> Consume[S, A]: ...
@overload
def named(name: str, x: BarePredicate[S], /) -> Predicate[S]: ...
def named(name: str, x: Any, /) -> Any:
    """Give a name to a part of a workflow.

    An error that leaves it gets the note `in NAME`; nested names nest.

    Parameters:
        name: the name; it may hold a loop item.
        x: a step, provider, extract, transform, consume or predicate.
    """
    site = call_site(named)
    written = site.expression(0, name)
    if isinstance(x, str) and isinstance(name, (Built, Leaf)):
        name, x = x, name
        hint = "the name comes first: flow.named(name, step)"
        problem = "the name and what it is for have changed places"
        report(refuse("FLOW104", problem, span=site.span, hint=hint))
    elif not isinstance(name, (str, Symbol)):
        given = label(name) if isinstance(name, (Built, Leaf)) else shown(name)
        report(
            refuse(
                "FLOW104",
                f"{given} stands where a name belongs",
                span=site.span_of(0),
                hint='the name comes first, and is a string: flow.named("name", step)',
            )
        )
        written = Given("name")
    if isinstance(x, LeafFunction):
        x = accept(x.kind, x, site, 1)
    elif is_entry_point(x):
        x = accept(Step, x, site, 1)
    elif not isinstance(x, Built) or not hasattr(x, "node"):
        report(
            refuse(
                "FLOW101",
                f"{label(x)} can't be named: its kind can't be told",
                span=site.span_of(1),
                hint="decorate the function with @flow.step or another kind",
            )
        )
        return stand_in(Step)
    node = ir.Named(written, x.node, span=site.span)
    return replace(x, node=node)
