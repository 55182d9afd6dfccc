"""Conditions: steps that run if a predicate holds."""

from __future__ import annotations

from typing import Any

from transpiler.capture.sites import call_site
from transpiler.flow.accept import accept, merged_state
from transpiler.flow.kinds import S, Step, StepLike
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


def unless(predicate: PredicateLike[S], step: StepLike[S]) -> Step[S]:
    """Run a step if a predicate does not hold."""
    site = call_site(unless)
    condition: Predicate[Any] = accept(Predicate, predicate, site, 0)
    part: Step[Any] = accept(Step, step, site, 1)
    negated = ir.Not(condition.node, span=condition.node.span)
    node = ir.When(negated, part.node, span=site.span)
    return Step(node, merged_state(site, [condition, part]))
