"""Time limits: once one has passed, nothing more starts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from transpiler.capture.sites import CallSite, call_site
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import refuse, report
from transpiler.flow.accept import accept
from transpiler.flow.durations import seconds as duration
from transpiler.flow.kinds import Duration, S, Step, StepLike
from transpiler.flow.words import is_text, shown
from transpiler.interpret.limits import remaining
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression, Given

__all__ = ["remaining", "with_deadline", "with_timeout"]


def with_timeout(seconds: Duration, step: StepLike[S]) -> Step[S]:
    """Start nothing more inside once so much time has passed.

    No step, attempt, iteration or sleep starts then, and a sleep is cut short:
    TimeoutError is raised instead. A step that runs is not killed; `flow.remaining()`
    tells it how long it has. If nothing is left to start, there is no error.

    Nothing inside handles that error: retry, on_error, ignore_error and join_errors let
    it pass. Cleanups of `ensure` run, and are not limited.

    Parameters:
        seconds: how long, in seconds or as a timedelta; a loop item may say it.
        step: what to limit.

    Example:
        >>> from transpiler import flow
        >>> slow = flow.while_(lambda state: True, flow.sleep(5))
        >>> with_timeout(0.01, slow).run({})
        Traceback (most recent call last):
        TimeoutError: not done within 0.01 s
    """
    site = call_site(with_timeout)
    written = _seconds(seconds, site)
    part: Step[Any] = accept(Step, step, site, 1)
    return Step(ir.WithTimeout(written, part.node, span=site.span), part.state)


def with_deadline(when: datetime, step: StepLike[S]) -> Step[S]:
    """Start nothing more inside once a moment has passed: see with_timeout.

    Parameters:
        when: the moment; one without a time zone is in local time.
        step: what to limit.
    """
    site = call_site(with_deadline)
    written = _moment(when, site)
    part: Step[Any] = accept(Step, step, site, 1)
    return Step(ir.WithDeadline(written, part.node, span=site.span), part.state)


def _seconds(value: Any, site: CallSite) -> Expression:
    cure = "seconds over 0, or a timedelta"
    total = value.total_seconds() if isinstance(value, timedelta) else value
    if isinstance(total, (int, float)) and not isinstance(total, bool) and total <= 0:
        return _refused(f"a limit of {total:g} seconds leaves no time", site, cure)
    if is_text(value) or isinstance(value, str):
        return _refused(f"{shown(value)} is no duration", site, cure)
    return duration(value, site, 0, "seconds")


def _moment(value: Any, site: CallSite) -> Expression:
    key = 0 if site.node("when") is None else "when"
    symbol = isinstance(value, Symbol)
    if is_text(value) or not (symbol or isinstance(value, datetime)):
        return _refused(f"{shown(value)} is no moment", site, "a datetime", "when")
    return site.expression(key, value)


def _refused(
    problem: str, site: CallSite, cure: str, keyword: str = "seconds"
) -> Expression:
    """Report what can't limit anything, and return a stand-in for it."""
    report(
        refuse(
            "FLOW104",
            problem,
            span=site.span_of(0 if site.node(keyword) is None else keyword),
            hint=f"give {cure}",
        )
    )
    return Given(1) if keyword == "seconds" else Given(datetime.max)
