"""Loops: steps that run again, and pauses between them."""

from __future__ import annotations

from typing import Any

from transpiler.capture.sites import call_site
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import refuse, report
from transpiler.flow.accept import accept, merged_state
from transpiler.flow.durations import seconds as duration
from transpiler.flow.kinds import Duration, S, Step, StepLike
from transpiler.flow.predicates import Predicate, PredicateLike
from transpiler.flow.words import is_text, shown
from transpiler.ir import nodes as ir


def while_(predicate: PredicateLike[S], step: StepLike[S]) -> Step[S]:
    """Run a step as long as a predicate holds, which is tested first."""
    site = call_site(while_)
    condition: Predicate[Any] = accept(Predicate, predicate, site, 0)
    part: Step[Any] = accept(Step, step, site, 1)
    node = ir.While(condition.node, part.node, span=site.span)
    return Step(node, merged_state(site, [condition, part]))


def until(predicate: PredicateLike[S], step: StepLike[S]) -> Step[S]:
    """Run a step until a predicate holds, which is tested first."""
    site = call_site(until)
    condition: Predicate[Any] = accept(Predicate, predicate, site, 0)
    part: Step[Any] = accept(Step, step, site, 1)
    negated = ir.Not(condition.node, span=condition.node.span)
    node = ir.While(negated, part.node, span=site.span)
    return Step(node, merged_state(site, [condition, part]))


def repeat(n: int, step: StepLike[S]) -> Step[S]:
    """Run a step `n` times; 0 times is allowed."""
    site = call_site(repeat)
    part: Step[Any] = accept(Step, step, site, 1)
    whole = isinstance(n, int) and not isinstance(n, bool)
    known = not isinstance(n, Symbol) or is_text(n)
    if known and not (whole and n >= 0):
        report(
            refuse(
                "FLOW104",
                f"a step can't be repeated {shown(n)} times",
                span=site.span_of(0),
                hint="give a whole number of times from 0 on",
            )
        )
    node = ir.Repeat(site.expression(0, n), part.node, span=site.span)
    return Step(node, part.state)


def sleep(seconds: Duration) -> Step[S]:
    """Pause.

    Parameters:
        seconds: how long, in seconds or as a timedelta; a loop item may say it.
    """
    site = call_site(sleep)
    node = ir.Sleep(duration(seconds, site, 0, "seconds"), span=site.span)
    return Step(node)
