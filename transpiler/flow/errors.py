"""Errors: trying again, and going on without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transpiler.capture.functions import describe_function
from transpiler.capture.markers import Built, Leaf
from transpiler.capture.settled import is_settled
from transpiler.capture.sites import CallSite, call_site
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import refuse, report
from transpiler.flow.accept import accept
from transpiler.flow.durations import is_number, seconds
from transpiler.flow.kinds import (
    Duration,
    ErrorTypes,
    Jitter,
    Policy,
    S,
    Step,
    StepLike,
)
from transpiler.flow.words import label, shown
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression, Given


def retry(step: StepLike[S], *policies: Policy, on: ErrorTypes = Exception) -> Step[S]:
    """Call a step again after a failure, if every policy agrees.

    The policies are asked in the order written; the first that declines re-raises the
    last error. A backoff before up_to sleeps once more than one after it.

    Parameters:
        step: what to try.
        policies: up_to, fixed_backoff, exponential_backoff, only_if. Without any:
            `up_to(3), exponential_backoff(0.1, jitter="full")`.
        on: the error type, or a tuple of types, after which to try again.
    """
    site = call_site(retry)
    part: Step[Any] = accept(Step, step, site, 0)
    if isinstance(step, Policy):
        policies = ()  # The step is among them, and has been asked for.
    nodes: list[ir.Policy] = []
    for index, policy in enumerate(policies, start=1):
        if isinstance(policy, Policy):
            nodes.append(policy.node)
        else:
            _refuse_policy(policy, site, index)
    if not policies:
        base, jitter = Given(0.1), Given("full")
        nodes = [
            ir.UpTo(Given(3)),
            ir.Backoff(base, Given(2.0), jitter),
        ]
    node = ir.Retry(part.node, tuple(nodes), exceptions(on, site), span=site.span)
    return Step(node, part.state)


def up_to(n: int) -> Policy:
    """Allow `n` calls in all (at least 1)."""
    site = call_site(up_to)
    attempts = _known(n, site, 0, late=True)
    if isinstance(n, Symbol):
        pass  # It has been refused.
    elif not isinstance(n, int) or isinstance(n, bool) or n < 1:
        if isinstance(n, int) and not isinstance(n, bool):
            problem = f"up_to({n}) allows no call at all: n counts the first one too"
        else:
            problem = f"up_to takes a number of calls, not {shown(n)}"
        hint = "give a whole number from 1 on; up_to(3) is three calls in all"
        _out_of_range(problem, site, 0, hint)
    return Policy(ir.UpTo(attempts, span=site.span))


def fixed_backoff(
    delay: Duration, *, jitter: Jitter = None, max_delay: Duration | None = None
) -> Policy:
    """Sleep the same time after every failed attempt, then agree.

    Parameters:
        delay: seconds, or a timedelta.
        jitter: "full" for uniform in [0, delay], or a fraction p for delay * (1 ± p).
        max_delay: the most to sleep, in seconds or as a timedelta, after the jitter.
    """
    site = call_site(fixed_backoff)
    node = ir.Backoff(
        _delay(delay, site, 0, "delay"),
        None,
        _jitter(jitter, site),
        None if max_delay is None else _delay(max_delay, site, "max_delay"),
        span=site.span,
    )
    return Policy(node)


def exponential_backoff(
    base: Duration,
    *,
    multiplier: float = 2.0,
    jitter: Jitter = None,
    max_delay: Duration | None = None,
) -> Policy:
    """Sleep `base * multiplier ** (attempt - 1)` after a failed attempt, then agree.

    Attempts count from 1. The delay grows up to 1e9 seconds; it never overflows.

    Parameters:
        base: seconds, or a timedelta.
        multiplier: how the delay grows from attempt to attempt.
        jitter: "full" for uniform in [0, delay], or a fraction p for delay * (1 ± p).
        max_delay: the most to sleep, in seconds or as a timedelta, after the jitter.
    """
    site = call_site(exponential_backoff)
    growth = _known(multiplier, site, "multiplier")
    if isinstance(multiplier, Symbol):
        pass  # It has been refused.
    elif not is_number(multiplier) or multiplier <= 0:
        problem = f"the multiplier of a backoff is {shown(multiplier)}"
        _out_of_range(problem, site, "multiplier", "give a number over 0")
        growth = Given(2.0)
    node = ir.Backoff(
        _delay(base, site, 0, "base"),
        growth,
        _jitter(jitter, site),
        None if max_delay is None else _delay(max_delay, site, "max_delay"),
        span=site.span,
    )
    return Policy(node)


def only_if(check: Callable[[Any], bool]) -> Policy:
    """Agree if `check(error)` is true."""
    site = call_site(only_if)
    if isinstance(check, (Built, Leaf)) or not callable(check):
        report(
            refuse(
                "FLOW101",
                f"{label(check)} stands where a check of an error belongs",
                span=site.span_of(0),
                hint="give a plain function from the error to a bool",
            )
        )
        check = bool
    elif isinstance(check, type) and issubclass(check, BaseException):
        name = check.__name__
        _out_of_range(
            f"only_if({name}) makes an error of each error, and that is always true",
            site,
            0,
            f"write on={name}, or lambda error: isinstance(error, {name})",
        )
    return Policy(ir.OnlyIf(describe_function(check), span=site.span))


def ignore_error(step: StepLike[S], on: ErrorTypes = Exception) -> Step[S]:
    """Best effort: an error is logged with its traceback, and the workflow goes on.

    Parameters:
        step: what to try.
        on: the error type, or a tuple of types, to go on after.
    """
    site = call_site(ignore_error)
    part: Step[Any] = accept(Step, step, site, 0)
    node = ir.IgnoreError(part.node, exceptions(on, site, 1), span=site.span)
    return Step(node, part.state)


def exceptions(on: Any, site: CallSite, position: int = -1) -> ir.Exceptions:
    """Check what error types a combinator is for, and return them as written."""
    positional = position >= 0 and site.node("on") is None and site.node(position)
    return exceptions_of(on, site, position if positional else "on")


def exceptions_of(on: Any, site: CallSite, key: int | str = 0) -> ir.Exceptions:
    """Check the error types that an argument holds, and return them as written."""
    types = on if isinstance(on, tuple) else (on,)
    wrong = [t for t in types if not _is_exception_type(t)]
    if types and not wrong:
        return ir.Exceptions(on, site.expression(key, on))
    problem, hint = _no_exception_type(wrong[0]) if wrong else _NO_TYPES
    report(refuse("FLOW104", problem, span=site.span_of(key), hint=hint))
    return ir.Exceptions(Exception, Given(Exception))


_NO_TYPES = (
    "no exception type is given",
    "give a subclass of Exception, or a tuple of them",
)


def _is_exception_type(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, Exception)


def _no_exception_type(value: Any) -> tuple[str, str]:
    """Return what is wrong with a type, and what cures it."""
    if isinstance(value, type) and issubclass(value, BaseException):
        return (
            f"{value.__name__} is not an Exception: it ends the process, and passes "
            "through every retry and handler",
            "give a subclass of Exception; flow.ensure(step, cleanup) cleans up after "
            "a process exit too",
        )
    hint = _NO_TYPES[1]
    if isinstance(value, BaseException):
        hint = f"give its type: {type(value).__name__}"
    elif isinstance(value, str) and value.isidentifier():
        hint = f"give the type, not its name: {value}"
    elif isinstance(value, (list, set)):
        hint = "give a tuple: (OSError, KeyError)"
    return f"{label(value)} is no exception type", hint


def _delay(
    value: Any, site: CallSite, key: int | str, keyword: str | None = None
) -> Expression:
    """Return a delay of a policy in seconds, which has to be known now."""
    if isinstance(value, Symbol):
        return _known(value, site, key)
    return _settled(seconds(value, site, key, keyword), site, key, keyword, late=True)


def _known(
    value: Any, site: CallSite, key: int | str, *, late: bool = False
) -> Expression:
    if isinstance(value, Symbol):
        report(
            refuse(
                "FLOW203",
                f"{value} decides how a step is retried, which has to be known when "
                "the workflow is built",
                span=site.span_of(key),
                hint="give a number, or choose between two retries with flow.when",
            )
        )
        return Given(1)
    return _settled(site.expression(key, value), site, key, late=late)


def _settled(
    written: Expression,
    site: CallSite,
    key: int | str,
    keyword: str | None = None,
    *,
    late: bool = False,
) -> Expression:
    """Refuse what may be another number in the script, where that can't be exact.

    With `late`, what is evaluated when the script starts may be another number then.
    """
    source = written.source if isinstance(written, Given) else None
    if source is None or (not source.calls and is_settled(source)):
        return written
    if late and (source.calls or not source.names):
        return written
    if keyword is not None and site.node(keyword) is not None:
        key = keyword
    _out_of_range(
        "a policy is given what is computed when the script starts, but has to be "
        "known when the workflow is built",
        site,
        key,
        "write the number, or keep it in a local variable and name that here",
    )
    return written


def _jitter(value: Any, site: CallSite) -> Expression | None:
    if value is None:
        return None
    if isinstance(value, Symbol):
        return _known(value, site, "jitter")
    if value != "full" and not (is_number(value) and 0 <= value <= 1):
        problem = f"the jitter of a backoff is {shown(value)}"
        _out_of_range(problem, site, "jitter", 'give "full", or a fraction from 0 to 1')
        return None
    return _known(value, site, "jitter")


def _out_of_range(problem: str, site: CallSite, key: int | str, hint: str) -> None:
    report(refuse("FLOW104", problem, span=site.span_of(key), hint=hint))


def _refuse_policy(value: object, site: CallSite, key: int) -> None:
    if isinstance(value, (Built, Leaf)):
        hint = "several steps are one with flow.do(...) around them"
    elif isinstance(value, int) and not isinstance(value, bool):
        hint = f"write flow.up_to({value}) for {value} calls in all"
    elif isinstance(value, type) and issubclass(value, BaseException):
        hint = f"the errors to try again after come by keyword: on={value.__name__}"
    elif getattr(value, "__module__", "") == __name__:
        hint = "call it, with its arguments"
    else:
        hint = "give flow.up_to(3), flow.exponential_backoff(0.1) or the like"
    problem = f"{label(value)} stands where a policy belongs"
    report(refuse("FLOW101", problem, span=site.span_of(key), hint=hint))
