"""What a workflow means: the interpreter against the words of the language.

The scripts are compared with the interpreter (test_faults.py), so what holds for it
holds for them. Time limits, traces and threads have files of their own.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transpiler import flow
from transpiler.interpret import Interpreter, World
from transpiler.ir.backoff import LONGEST, delay_before, steps_until


@dataclass
class State:
    """Writes down what happens, and fails as it is told."""

    items: list[str] = field(default_factory=lambda: ["a", "b"])
    journal: list[str] = field(default_factory=list)
    failing: dict[str, list[BaseException]] = field(default_factory=dict)

    def happens(self, what: str) -> None:
        """Write it down, and fail if that is due."""
        self.journal.append(what)
        due = self.failing.get(what)
        if due:
            raise due.pop(0)


@flow.step
def do(state: State, what: str) -> None:
    """Do something."""
    state.happens(what)


@flow.step
def append(state: State, item: str) -> None:
    """Change the items."""
    state.items.append(item)
    state.happens(f"append {item}")


@flow.extract
def items(state: State) -> list[str]:
    """Read the items."""
    state.happens("items")
    return state.items


@flow.predicate
def holds(state: State, what: str, answer: bool = True) -> bool:
    """Answer."""
    state.happens(what)
    return answer


def run(step: flow.Step[State], **failing: BaseException | list[BaseException]) -> Any:
    """Run a step on a state; return the journal and the error.

    Nothing sleeps: each sleep is written down instead.
    """
    state = State()
    for name, errors in failing.items():
        state.failing[name] = errors if isinstance(errors, list) else [errors]
    sleeps: list[float] = []

    def sleep(seconds: float) -> None:
        sleeps.append(seconds)
        state.journal.append(f"sleep {seconds:g}")

    world = World(sleep=sleep, uniform=lambda low, high: high)
    try:
        Interpreter(world).step(step.node, state)
    except BaseException as error:
        return state.journal, error
    return state.journal, None


def test_the_first_error_stops_a_sequence() -> None:
    journal, error = run(flow.do(do("a"), do("b"), do("c")), b=ValueError("b"))
    assert journal == ["a", "b"]
    assert repr(error) == "ValueError('b')"


def test_joined_errors_come_in_order_when_all_have_run() -> None:
    step = flow.do(do("a"), do("b"), do("c"), join_errors=True)
    journal, error = run(step, a=ValueError("a"), c=KeyError("c"))
    assert journal == ["a", "b", "c"]
    assert isinstance(error, ExceptionGroup)
    assert [type(e) for e in error.exceptions] == [ValueError, KeyError]


def test_a_process_exit_is_not_joined() -> None:
    step = flow.do(do("a"), do("b"), do("c"), join_errors=True)
    journal, error = run(step, a=ValueError("a"), b=SystemExit(2))
    assert journal == ["a", "b"]
    assert isinstance(error, SystemExit)


def test_items_are_read_once_before_the_first_step_of_their_loop() -> None:
    step = flow.in_serial(flow.for_each(items, lambda item: append(item)), do("end"))
    journal, _ = run(step)
    assert journal == ["items", "append a", "append b", "end"]


def test_providers_in_series_are_expanded_when_their_turn_comes() -> None:
    step = flow.in_serial(append("c"), flow.for_each(items, do))
    journal, _ = run(step)
    assert journal == ["append c", "items", "a", "b", "c"]


def test_providers_in_parallel_are_all_expanded_first() -> None:
    step = flow.in_parallel(
        flow.for_each(items, do), flow.steps(do("x")), flow.for_each(items, do), limit=1
    )
    journal, _ = run(step)
    assert journal == ["items", "items", "a", "b", "x", "a", "b"]


def test_a_provider_that_fails_in_parallel_runs_nothing() -> None:
    step = flow.in_parallel(do("x"), flow.for_each(items, do), join_errors=True)
    journal, error = run(step, items=OSError("away"))
    assert journal == ["items"]
    assert isinstance(error, OSError)


def test_a_provider_that_fails_in_series_is_joined() -> None:
    step = flow.in_serial(flow.for_each(items, do), do("x"), join_errors=True)
    journal, error = run(step, items=OSError("away"))
    assert journal == ["items", "x"]
    assert isinstance(error, ExceptionGroup)


def test_predicates_are_asked_from_left_to_right_until_it_is_clear() -> None:
    test = flow.or_(
        flow.and_(holds("a"), holds("b", False), holds("c")),
        flow.not_(holds("d", False)),
        holds("e"),
    )
    journal, _ = run(flow.when(test, do("yes"), do("no")))
    assert journal == ["a", "b", "d", "yes"]


def test_a_predicate_that_raises_propagates() -> None:
    step = flow.when(~holds("a") | holds("b"), do("yes"), do("no"))
    journal, error = run(step, a=LookupError("a"))
    assert journal == ["a"]
    assert isinstance(error, LookupError)


POLICIES: list[tuple[Callable[[], tuple[flow.Policy, ...]], int, list[str]]] = [
    # The policies, how often the step fails, and what happens.
    (lambda: (), 2, ["a", "sleep 0.1", "a", "sleep 0.2", "a"]),
    (lambda: (), 3, ["a", "sleep 0.1", "a", "sleep 0.2", "a", "error"]),
    (lambda: (flow.up_to(1),), 1, ["a", "error"]),
    (lambda: (flow.up_to(3), flow.fixed_backoff(2)), 1, ["a", "sleep 2", "a"]),
    (
        lambda: (flow.up_to(2), flow.fixed_backoff(2)),
        2,
        ["a", "sleep 2", "a", "error"],
    ),
    (
        lambda: (flow.fixed_backoff(2), flow.up_to(2)),
        2,
        ["a", "sleep 2", "a", "sleep 2", "error"],
    ),
    (
        lambda: (flow.exponential_backoff(1, multiplier=3, max_delay=5), flow.up_to(9)),
        4,
        ["a", "sleep 1", "a", "sleep 3", "a", "sleep 5", "a", "sleep 5", "a"],
    ),
    (
        # The jitter comes before the cap.
        lambda: (flow.up_to(9), flow.fixed_backoff(10, jitter=0.5, max_delay=12)),
        1,
        ["a", "sleep 12", "a"],
    ),
    (
        lambda: (flow.only_if(lambda error: False), flow.fixed_backoff(1)),
        1,
        ["a", "error"],
    ),
    (
        lambda: (flow.fixed_backoff(1), flow.only_if(lambda error: False)),
        1,
        ["a", "sleep 1", "error"],
    ),
]


@pytest.mark.parametrize(("policies", "failures", "expected"), POLICIES)
def test_policies(
    policies: Callable[[], tuple[flow.Policy, ...]], failures: int, expected: list[str]
) -> None:
    step = flow.retry(do("a"), *policies())
    journal, error = run(step, a=[ValueError(str(n)) for n in range(failures)])
    assert [*journal, *(["error"] if error else [])] == expected
    if error:
        assert str(error) == str(failures - 1), "the last error is raised again"


def test_only_errors_of_its_types_are_tried_again() -> None:
    step = flow.retry(do("a"), flow.up_to(3), on=(OSError, KeyError))
    journal, error = run(step, a=[ConnectionError(), KeyError(), ValueError()])
    assert journal == ["a", "a", "a"]
    assert isinstance(error, ValueError)


@pytest.mark.parametrize("ending", [SystemExit(1), KeyboardInterrupt()])
def test_the_end_of_the_process_passes_through(ending: BaseException) -> None:
    step = flow.ensure(
        flow.on_error(
            flow.ignore_error(flow.retry(flow.named("part", do("a")))),
            flow.fallback_to(do("no")),
        ),
        do("cleanup"),
    )
    journal, error = run(step, a=ending)
    assert journal == ["a", "cleanup"]
    assert error is ending
    assert not hasattr(error, "__notes__")


def test_best_effort_logs_the_traceback(caplog: pytest.LogCaptureFixture) -> None:
    journal, error = run(
        flow.do(flow.ignore_error(do("a")), do("b")), a=ValueError("a")
    )
    assert journal == ["a", "b"]
    assert error is None
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.exc_info is not None


def test_an_error_of_a_cleanup_has_that_of_the_step_as_its_context() -> None:
    step = flow.ensure(do("a"), do("cleanup"))
    _, error = run(step, a=ValueError("a"), cleanup=KeyError("cleanup"))
    assert isinstance(error, KeyError)
    assert repr(error.__context__) == "ValueError('a')"


def test_names_nest_and_notes_go_from_the_inside_out() -> None:
    step = flow.named("outer", flow.do(do("x"), flow.named("inner", do("a"))))
    _, error = run(step, a=ValueError("a"))
    assert error.__notes__ == ["in inner", "in outer"]


def test_what_a_named_provider_notes_is_its_expansion() -> None:
    named = flow.named("loop", flow.for_each(items, do))
    _, error = run(flow.in_serial(named), items=ValueError())
    assert error.__notes__ == ["in loop"]
    _, error = run(flow.in_serial(named), a=ValueError())
    assert not hasattr(error, "__notes__")


def test_a_call_among_the_arguments_is_evaluated_when_the_step_is_built() -> None:
    numbers = iter(range(10))
    step = do(f"step {next(numbers)}")
    journal, _ = run(flow.do(step, step))
    assert journal == ["step 0", "step 0"]


def test_a_value_is_that_of_its_turn_in_a_loop_of_python() -> None:
    steps = [do(f"step {number}") for number in range(2)]
    steps += [flow.do(_later(number)) for number in (2, 3)]
    journal, _ = run(flow.do(*steps))
    assert journal == ["step 0", "step 1", "2", "3"]


def _later(number: int) -> Callable[[State], None]:
    return lambda state: state.happens(f"{number}")


def test_a_step_is_a_value_that_runs() -> None:
    state = State()
    step = flow.do(do("a"), do("b"))
    assert state.journal == []
    step.run(state)
    step(state)
    assert state.journal == ["a", "b", "a", "b"]
    assert items().run(state) == ["a", "b"]
    assert flow.not_(holds("x")).run(state) is False


# Backoff


numbers = st.floats(1e-6, 1e6) | st.integers(1, 10**6)
multipliers = st.floats(0.01, 1e200) | st.integers(1, 10**9)


@given(numbers, multipliers, st.integers(1, 10**6))
def test_no_delay_overflows(base: float, multiplier: float, attempt: int) -> None:
    delay = delay_before(base, multiplier, attempt)
    assert math.isfinite(delay)
    assert delay >= 0


@given(numbers, st.floats(1.01, 100) | st.integers(2, 100), st.integers(1, 10**5))
def test_delays_never_shrink(base: float, multiplier: float, attempt: int) -> None:
    delay = delay_before(base, multiplier, attempt)
    assert delay <= delay_before(base, multiplier, attempt + 1)


@given(numbers, st.floats(0.1, 10) | st.integers(1, 10), st.integers(1, 8))
def test_a_delay_is_the_power_until_it_is_long(
    base: float, multiplier: float, attempt: int
) -> None:
    exact = base * multiplier ** (attempt - 1)
    if exact < LONGEST:
        assert delay_before(base, multiplier, attempt) == exact


@given(numbers, st.floats(1.0001, 1e9), st.floats(1e-6, LONGEST))
def test_steps_until(base: float, multiplier: float, ceiling: float) -> None:
    steps = steps_until(base, multiplier, ceiling)
    assert steps is not None
    assert base * multiplier**steps >= ceiling
    assert steps == 0 or base * multiplier ** (steps - 1) < ceiling


@pytest.mark.parametrize(
    ("base", "multiplier", "attempt", "delay"),
    [
        (0.5, 2.0, 3, 2.0),
        (0.5, 2, 1, 0.5),
        (1, 3, 4, 27),
        (8, 0.5, 4, 1.0),
        (0, 2.0, 5000, 0),
        (7, 1, 5000, 7),
        (1, 2, 5000, 2**30),
        (1, 2, 31, 2**30),
        (1, 2, 30, 2**29),
        (1e12, 2, 5000, 1e12),
    ],
)
def test_delays(base: float, multiplier: float, attempt: int, delay: float) -> None:
    assert delay_before(base, multiplier, attempt) == delay


def test_slow_growth_is_no_slow_arithmetic() -> None:
    """It took one step of a loop per attempt."""
    assert math.isfinite(delay_before(1, 1 + 1e-12, 10**6))


SHARED = ["tape"]


def test_a_list_that_is_written_out_is_another_one_at_each_call() -> None:
    seen: list[list[str]] = []

    @flow.step
    def pack(state: None, goods: list[str]) -> None:
        goods.append("slip")
        seen.append([*goods])

    local = ["book"]
    flow.do(
        flow.repeat(2, pack(["pen"])), flow.repeat(2, pack(local)), pack(local)
    ).run(None)
    assert seen == [["pen", "slip"]] * 2 + [["book", "slip"]] * 3
    assert local == ["book"]


def test_a_list_that_a_module_names_is_one_object() -> None:
    seen: list[int] = []

    @flow.step
    def pack(state: None, goods: list[str]) -> None:
        seen.append(id(goods))

    flow.do(pack(SHARED), pack(SHARED)).run(None)
    assert seen == [id(SHARED)] * 2
