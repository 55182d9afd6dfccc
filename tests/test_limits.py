"""Time limits: what they mean, and what is refused.

That scripts mean the same is shown in test_faults.py, on the golden cases.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from transpiler import flow
from transpiler.diagnostics import TranspileError
from transpiler.interpret import Interpreter, World

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Clock:
    """A clock that runs only when told, and what was seen of a run."""

    now: float = 0.0
    wall: float = NOON.timestamp()
    seen: list[Any] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.seen.append(f"sleep {seconds:g}")
        self.now += seconds

    def run(self, step: flow.Step[Any]) -> BaseException | None:
        """Run a step; return its error."""
        world = World(
            self.sleep, lambda low, high: high, lambda: self.now, lambda: self.wall
        )
        try:
            Interpreter(world).step(step.node, self)
        except Exception as error:
            return error
        return None


@flow.step
def work(clock: Clock, seconds: float, name: str = "work") -> None:
    """Take some time."""
    clock.seen.append(name)
    clock.now += seconds


@flow.step
def fail(clock: Clock, seconds: float, kind: type[Exception] = ValueError) -> None:
    """Take some time, and fail."""
    clock.seen.append("fail")
    clock.now += seconds
    raise kind("failed")


@flow.step
def ask(clock: Clock, seconds: float = 0) -> None:
    """Say how much time is left, at the start and at the end."""
    clock.seen.append(flow.remaining())
    clock.now += seconds
    clock.seen.append(flow.remaining())


@flow.extract
def same(clock: Clock) -> Clock:
    """Return the state itself."""
    return clock


@flow.predicate
def never(clock: Clock) -> bool:
    """Say no, which takes a second."""
    clock.seen.append("never")
    clock.now += 1
    return False


def check(
    step: flow.Step[Any], seen: list[Any], error: str | None = None
) -> BaseException | None:
    """Run a step, and compare what is seen of it and the text of its TimeoutError."""
    clock = Clock()
    raised = clock.run(step)
    assert clock.seen == seen
    if error is None:
        assert raised is None
    else:
        assert type(raised) is TimeoutError and str(raised) == error
    return raised


LATE = "not done within 10 s"


# What it means


def test_nothing_starts_once_it_has_passed() -> None:
    step = flow.with_timeout(10, flow.do(work(9), work(1), work(1)))
    check(step, ["work", "work"], LATE)


def test_nothing_left_to_start_is_no_error() -> None:
    check(flow.with_timeout(10, work(99)), ["work"])
    check(flow.with_timeout(10, flow.do(work(1), work(99), flow.do())), ["work"] * 2)


def test_a_sleep_is_cut_short() -> None:
    step = flow.with_timeout(10, flow.do(work(4), flow.sleep(30), work(1)))
    check(step, ["work", "sleep 6"], LATE)


def test_iterations_and_their_tests_do_not_start() -> None:
    step = flow.with_timeout(10, flow.until(never, work(2)))
    check(step, ["never", "work"] * 3 + ["never"], LATE)
    step = flow.with_timeout(10, flow.repeat(9, work(4)))
    check(step, ["work"] * 3, LATE)
    names = ["a", "b", "c"]
    each = flow.for_each(names, lambda name: work(6, name))
    check(flow.with_timeout(10, flow.in_serial(each)), ["a", "b"], LATE)


def test_attempts_do_not_start_and_the_last_error_is_the_context() -> None:
    step = flow.with_timeout(
        10, flow.retry(fail(4), flow.up_to(9), flow.fixed_backoff(4))
    )
    error = check(step, ["fail", "sleep 4", "fail", "sleep 0"], LATE)
    assert isinstance(error and error.__context__, ValueError)
    error = check(
        flow.with_timeout(10, flow.retry(fail(10))), ["fail", "sleep 0"], LATE
    )
    assert isinstance(error and error.__context__, ValueError)


def test_the_last_failure_of_a_retry_is_its_own() -> None:
    clock = Clock()
    error = clock.run(flow.with_timeout(10, flow.retry(fail(99), flow.up_to(1))))
    assert isinstance(error, ValueError)


@pytest.mark.parametrize(
    "around",
    [
        lambda step: flow.retry(step, flow.up_to(3)),
        lambda step: flow.retry(step, flow.up_to(3), on=(KeyError, OSError)),
        flow.ignore_error,
        lambda step: flow.on_error(step, flow.fallback_to(work(0, "fallback"))),
        lambda step: flow.on_error(step, {TimeoutError: None}),
        lambda step: flow.on_error(step, lambda clock, error: None),
        lambda step: flow.do(step, join_errors=True),
        lambda step: flow.in_serial(step, join_errors=True),
        lambda step: flow.in_parallel(step, join_errors=True),
        lambda step: flow.in_parallel(flow.ignore_error(step)),
        lambda step: flow.ignore_error(flow.with_timeout(99, step)),
        lambda step: flow.ignore_error(flow.recover_panics(flow.spawn(same, step))),
    ],
)
def test_its_error_passes_through_what_is_inside(
    around: Callable[[flow.Step[Clock]], flow.Step[Clock]],
) -> None:
    inside = flow.do(work(10), work(1, "late"))
    check(flow.with_timeout(10, around(inside)), ["work"], LATE)


def test_its_error_is_an_ordinary_one_outside() -> None:
    limited = flow.with_timeout(10, flow.do(work(10), work(1)))
    check(flow.retry(limited, flow.up_to(2), on=TimeoutError), ["work"] * 2, LATE)
    check(
        flow.on_error(limited, {TimeoutError: work(0, "handled")}), ["work", "handled"]
    )
    check(flow.with_timeout(99, flow.ignore_error(limited)), ["work"])


def test_the_timeout_error_of_a_step_is_an_ordinary_one() -> None:
    failing = flow.do(fail(1, TimeoutError))
    check(flow.with_timeout(10, flow.ignore_error(failing)), ["fail"])
    step = flow.on_error(failing, {TimeoutError: work(1, "handled")})
    check(flow.with_timeout(10, step), ["fail", "handled"])


def test_the_soonest_limit_counts() -> None:
    inner = flow.with_timeout(99, flow.do(work(10), work(1)))
    check(flow.with_timeout(10, flow.ignore_error(inner)), ["work"], LATE)
    inner = flow.with_timeout(5, flow.do(work(6), work(1)))
    check(flow.with_timeout(10, flow.ignore_error(inner)), ["work"])
    # Both have passed: the inner one did first, and what follows asks the outer one.
    inner = flow.with_timeout(5, flow.do(work(60), work(1)))
    step = flow.with_timeout(10, flow.do(flow.ignore_error(inner), work(1)))
    check(step, ["work"], LATE)


def test_cleanups_are_not_limited() -> None:
    cleanup = flow.do(work(20, "a"), flow.sleep(3), work(0, "b"))
    step = flow.with_timeout(10, flow.ensure(flow.do(work(10), work(1)), cleanup))
    check(step, ["work", "a", "sleep 3", "b"], LATE)
    own = flow.with_timeout(10, flow.do(work(10, "a"), work(1, "b")))
    step = flow.with_timeout(10, flow.ensure(work(50), flow.ignore_error(own)))
    check(step, ["work", "a"])


def test_what_was_entered_is_left() -> None:
    @contextmanager
    def entered(clock: Clock) -> Iterator[Clock]:
        try:
            yield clock
        except TimeoutError as error:
            clock.seen.append(str(error))
            raise
        finally:
            clock.seen.append("left")

    step = flow.with_timeout(10, flow.using(entered, flow.do(work(10), work(1))))
    check(step, ["work", LATE, "left"], LATE)


def test_errors_that_were_to_be_joined_become_its_cause() -> None:
    step = flow.do(fail(1), fail(9), work(1), join_errors=True)
    error = check(flow.with_timeout(10, step), ["fail", "fail"], LATE)
    cause = error and error.__cause__
    assert isinstance(cause, ExceptionGroup) and len(cause.exceptions) == 2


def test_a_process_exit_is_more_than_a_limit() -> None:
    def leave(clock: Clock) -> None:
        sys.exit(3)

    late = flow.do(work(10), work(1))
    step = flow.in_parallel(leave, late, limit=1, join_errors=True)
    with pytest.raises(BaseExceptionGroup) as caught:
        Clock().run(flow.with_timeout(10, step))
    assert {type(e) for e in caught.value.exceptions} == {TimeoutError, SystemExit}


def test_deadlines() -> None:
    def by(when: datetime) -> flow.Step[Clock]:
        return flow.with_deadline(when, flow.do(work(5), flow.sleep(9), work(1)))

    soon, past = NOON + timedelta(seconds=10), NOON - timedelta(days=1)
    check(by(soon), ["work", "sleep 5"], "not done by 2026-01-01 12:00:10+00:00")
    check(by(past), [], "not done by 2025-12-31 12:00:00+00:00")
    local = datetime.fromtimestamp(soon.timestamp())
    assert local.tzinfo is None
    check(by(local), ["work", "sleep 5"], f"not done by {local}")


def test_remaining() -> None:
    check(flow.do(ask), [None, None])
    check(flow.with_timeout(10, flow.do(ask(4), ask(9))), [10, 6, 6, 0])
    check(flow.with_timeout(10, flow.with_timeout(99, ask(1))), [10, 9])
    check(
        flow.with_timeout(99, flow.do(flow.with_timeout(10, ask), ask)),
        [10, 10, 99, 99],
    )
    check(flow.with_timeout(10, flow.in_parallel(ask)), [10, 10])
    check(flow.with_timeout(10, flow.ensure(flow.do(), ask)), [None, None])
    check(flow.do(flow.with_timeout(10, flow.do()), ask), [None, None])


# What is refused


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (0, "a limit of 0 seconds leaves no time"),
        (-5, "a limit of -5 seconds leaves no time"),
        (timedelta(seconds=-2.5), "a limit of -2.5 seconds leaves no time"),
        (float("nan"), "nan is no duration"),
        ("60", '"60" is no duration'),
        (True, "True is no duration"),
    ],
)
def test_no_duration(value: Any, problem: str) -> None:
    with pytest.raises(TranspileError) as caught:
        flow.with_timeout(value, work(1))
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("FLOW104", problem)
    assert "seconds" in (found.hint or "")


def test_no_text_of_the_environment() -> None:
    value: Any = flow.env("PATIENCE")
    with pytest.raises(TranspileError, match=r"flow\.env\(\.\.\.\) is no duration"):
        flow.with_timeout(value, work(1))
    with pytest.raises(TranspileError, match=r"flow\.env\(\.\.\.\) is no moment"):
        flow.with_deadline(value, work(1))


@pytest.mark.parametrize("value", [60, "noon", NOON.date()])
def test_no_moment(value: Any) -> None:
    with pytest.raises(TranspileError) as caught:
        flow.with_deadline(value, work(1))
    (found,) = caught.value.diagnostics
    assert found.code == "FLOW104" and found.message.endswith("is no moment")
