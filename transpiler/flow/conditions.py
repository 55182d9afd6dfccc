"""Conditions: steps that run if a predicate holds."""

from __future__ import annotations

from datetime import date
from enum import Enum
from functools import partial
from types import FunctionType
from typing import Any, TypeAlias

from transpiler.capture.markers import Leaf
from transpiler.capture.sites import call_site
from transpiler.flow.accept import accept, merged_state
from transpiler.flow.kinds import Extract, ExtractLike, MappingOf, S, Step, StepLike
from transpiler.flow.predicates import Predicate, PredicateLike
from transpiler.ir import nodes as ir


def when(
    predicate: PredicateLike[S],
    step: StepLike[S],
    otherwise: StepLike[S] | None = None,
) -> Step[S]:
    """Run a step if a predicate holds, and perhaps another one if it does not.

    Parameters:
        predicate: a predicate, or a function or lambda from the state to a bool.
        step: what to do if it holds.
        otherwise: what to do if it does not.
    """
    site = call_site(when)
    condition: Predicate[Any] = accept(Predicate, predicate, site, 0)
    parts: list[Step[Any]] = [accept(Step, step, site, 1)]
    if otherwise is not None:
        key = "otherwise" if site.node("otherwise") else 2
        parts.append(accept(Step, otherwise, site, key))
    node = ir.When(condition.node, *(part.node for part in parts), span=site.span)
    return Step(node, merged_state(site, [condition, *parts]))


# What switch compares: not any object, or an extract of another state would be one.
Comparable: TypeAlias = str | bytes | float | Enum | date | tuple[object, ...] | None


def switch(
    subject: ExtractLike[S, object] | Comparable,
    cases: MappingOf[object, StepLike[S]],
    otherwise: StepLike[S] | None = None,
) -> Step[S]:
    """Run the step whose value equals the subject.

    Parameters:
        subject: an extract, or a loop item.
        cases: from the values to the steps.
        otherwise: what to do if no value equals it; nothing if it is left out.
    """
    site = call_site(switch)
    source: Extract[Any, Any]
    if isinstance(subject, (Extract, Leaf)) or callable_plain(subject):
        source = accept(Extract, subject, site, 0)
    else:
        source = Extract(ir.Value(site.expression(0, subject), span=site.span_of(0)))
    parts: list[Any] = [source]
    nodes = []
    for index, (value, step) in enumerate(cases.items()):
        key, entry = site.entry(1, index)
        part: Step[Any] = accept(Step, step, entry, 0)
        parts.append(part)
        nodes.append(ir.Case(key.expression(0, value), part.node, span=key.span))
    other = None
    if otherwise is not None:
        other = accept(
            Step, otherwise, site, "otherwise" if site.node("otherwise") else 2
        )
        parts.append(other)
    node = ir.Switch(
        source.node, tuple(nodes), other.node if other else None, span=site.span
    )
    return Step(node, merged_state(site, parts))


def callable_plain(value: object) -> bool:
    """Return whether a value is a plain function, which serves as an extract."""
    return isinstance(value, (FunctionType, partial))


def unless(predicate: PredicateLike[S], step: StepLike[S]) -> Step[S]:
    """Run a step if a predicate does not hold."""
    site = call_site(unless)
    condition: Predicate[Any] = accept(Predicate, predicate, site, 0)
    part: Step[Any] = accept(Step, step, site, 1)
    negated = ir.Not(condition.node, span=condition.node.span)
    node = ir.When(negated, part.node, span=site.span)
    return Step(node, merged_state(site, [condition, part]))
