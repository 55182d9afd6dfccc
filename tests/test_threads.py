"""Parallel blocks with real threads, in the interpreter and in the script alike.

tests/test_faults.py compares the two where pools only pretend to be threads. Here it is
seen that real pools do what is promised: the limit, the order of errors, who is still
begun, and that nothing waits for itself.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from support.worlds import opened
from transpiler import transpile_file
from transpiler.interpret import Interpreter

HEADER = '''\
"""Steps that wait for each other."""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass, field

from transpiler import flow

PATIENCE = 20
"""Seconds after which a test has failed; nothing here takes that long."""


@dataclass
class State:
    """What the steps share."""

    journal: list[str] = field(default_factory=list)
    three: threading.Barrier = field(default_factory=lambda: threading.Barrier(3))
    gate: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    running: int = 0
    most: int = 0


@flow.step
def meet(state: State) -> None:
    """Go on only when three are here at the same time."""
    with state.lock:
        state.running += 1
        state.most = max(state.most, state.running)
    state.three.wait(PATIENCE)
    with state.lock:
        state.running -= 1


@flow.step
def note(state: State, text: str) -> None:
    """Write something down."""
    state.journal.append(text)


@flow.step
def open_gate(state: State) -> None:
    """Let the others go on."""
    state.gate.set()


@flow.step
def wait_at_gate(state: State, seconds: float = 0.0) -> None:
    """Wait until somebody opens, and then some more."""
    assert state.gate.wait(PATIENCE)
    time.sleep(seconds)


@flow.step
def fail(state: State, text: str) -> None:
    """Fail."""
    state.journal.append(f"fail {text}")
    raise RuntimeError(text)


@flow.step
def meet_and_fail(state: State, text: str) -> None:
    """Fail when three are here at the same time."""
    state.three.wait(PATIENCE)
    state.journal.append(f"fail {text}")
    raise RuntimeError(text)


@flow.step
def leave(state: State) -> None:
    """End the process."""
    sys.exit(3)


@flow.workflow
def together() -> flow.Step[State]:
    """Do it at once."""
    return '''

Run = Callable[[str], tuple[Any, BaseException | None]]


@pytest.fixture(params=["interpreter", "script"])
def run(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Run]:
    """Return a function that runs a step, and returns the state and the error."""

    def run_step(step: str) -> tuple[Any, BaseException | None]:
        path = tmp_path / "workflow.py"
        path.write_text(f"{HEADER}{step}\n", encoding="utf-8")
        with opened(path, transpile_file(path)) as lab:
            if request.param == "interpreter":
                state = vars(lab.modules[0])["State"]()
                return state, _error(
                    lambda: Interpreter().workflow(lab.workflow, state)
                )
            names = vars(lab.script)
            state = names["State"]()
            return state, _error(lambda: names["together"](state))

    yield run_step


def _error(call: Callable[[], object]) -> BaseException | None:
    """Return what a call raises. It must end: what hangs is left behind."""
    found: list[BaseException | None] = []

    def attempt() -> None:
        try:
            call()
        except BaseException as error:
            found.append(error)
        else:
            found.append(None)

    thread = Thread(target=attempt, daemon=True)
    thread.start()
    thread.join(60)
    assert found, "it does not end"
    return found[0]


def test_as_many_as_the_limit_run_at_once(run: Run) -> None:
    state, error = run(
        "flow.in_parallel(flow.for_each(range(9), lambda n: meet()), limit=3)"
    )
    assert error is None
    assert state.most == 3


def test_without_a_limit_all_run_at_once(run: Run) -> None:
    state, error = run("flow.in_parallel(meet(), meet(), meet())")
    assert error is None
    assert state.most == 3


def test_a_limit_counts_the_branches_of_its_own_block(run: Run) -> None:
    """A block inside a branch has a pool of its own, so nothing waits for itself."""
    inner = 'flow.in_parallel(note("a"), note("b"), limit=1)'
    for_each = f"flow.for_each(range(4), lambda n: {inner})"
    state, error = run(f"flow.in_parallel({for_each}, limit=1)")
    assert error is None
    assert sorted(state.journal) == ["a"] * 4 + ["b"] * 4


def test_branches_of_blocks_inside_branches_run_at_once(run: Run) -> None:
    """Three meet, each in a block of its own: no block waits for another's workers."""
    inner = 'flow.in_parallel(meet(), note("x"), limit=2)'
    state, error = run(f"flow.in_parallel({inner}, {inner}, {inner}, limit=3)")
    assert error is None
    assert state.most == 3


def test_branches_that_fail_together_all_end(run: Run) -> None:
    both = "meet_and_fail"
    state, error = run(
        f'flow.in_parallel({both}("one"), {both}("two"), {both}("three"))'
    )
    # They fail together, whichever is seen first; none of them is lost.
    assert sorted(state.journal) == ["fail one", "fail three", "fail two"]
    assert isinstance(error, RuntimeError)


def test_the_first_error_in_time_is_raised(run: Run) -> None:
    slow = 'flow.do(wait_at_gate(0.3), fail("first in the program"))'
    fast = 'flow.do(flow.ensure(fail("first in time"), open_gate()))'
    state, error = run(f"flow.in_parallel({slow}, {fast})")
    assert repr(error) == "RuntimeError('first in time')"
    # The other branch had begun, so it came to its end.
    assert state.journal == ["fail first in time", "fail first in the program"]


def test_running_branches_end_before_the_error_is_raised(run: Run) -> None:
    slow = 'flow.do(wait_at_gate(0.2), note("done"))'
    state, error = run(
        f'flow.do(flow.in_parallel({slow}, flow.ensure(fail("x"), open_gate())))'
    )
    assert repr(error) == "RuntimeError('x')"
    assert state.journal == ["fail x", "done"]


def test_branches_not_begun_are_cancelled(run: Run) -> None:
    slow = "flow.in_serial(flow.for_each([0.3], wait_at_gate))"
    state, error = run(
        f'flow.in_parallel(flow.ensure(fail("x"), open_gate()), {slow}, '
        'note("never"), note("never"), note("never"), limit=1)'
    )
    assert repr(error) == "RuntimeError('x')"
    assert state.journal == ["fail x"]


def test_joined_errors_are_in_the_order_of_the_program(run: Run) -> None:
    slow = 'flow.do(wait_at_gate(0.1), fail("one"))'
    fast = 'flow.ensure(fail("two"), open_gate())'
    state, error = run(
        f'flow.in_parallel({slow}, note("fine"), {fast}, join_errors=True)'
    )
    assert isinstance(error, ExceptionGroup)
    assert [str(each) for each in error.exceptions] == ["one", "two"]
    assert "fine" in state.journal


def test_a_process_exit_passes_when_the_others_have_ended(run: Run) -> None:
    slow = 'flow.do(wait_at_gate(0.2), note("done"))'
    state, error = run(
        f"flow.ignore_error(flow.in_parallel({slow}, "
        "flow.ensure(leave(), open_gate())))"
    )
    assert isinstance(error, SystemExit)
    assert error.code == 3
    assert state.journal == ["done"]


INTERRUPTED = '''\
"""Steps that take some time."""

from __future__ import annotations

import time
from dataclasses import dataclass

from transpiler import flow


@dataclass
class State:
    """Nothing."""


@flow.step
def work(state: State, number: int) -> None:
    """Work for half a second."""
    # In one piece: branches write at the same time.
    print("begin\\n", end="", flush=True)
    time.sleep(0.5)
    print("end\\n", end="", flush=True)


@flow.step
def clean_up(state: State) -> None:
    """Clean up."""
    print("cleaned up", flush=True)


@flow.workflow
def long_work() -> flow.Step[State]:
    """Work for a long time."""
    return flow.ensure(
        flow.ignore_error(
            flow.retry(
                flow.in_parallel(flow.for_each(range(100), work), limit=2),
                flow.up_to(3),
            ),
        ),
        clean_up,
    )
'''


@pytest.mark.parametrize("world", ["interpreter", "script"])
def test_an_interrupt_lets_what_has_begun_end_and_cleans_up(
    tmp_path: Path, world: str
) -> None:
    workflow, script = tmp_path / "workflow.py", tmp_path / "script.py"
    workflow.write_text(INTERRUPTED, encoding="utf-8")
    script.write_text(transpile_file(workflow), encoding="utf-8")
    output = tmp_path / "output"
    commands = {
        "interpreter": [sys.executable, "-m", "transpiler", "run", str(workflow)],
        "script": [sys.executable, "-I", str(script)],
    }
    with (
        output.open("w") as file,
        subprocess.Popen(
            commands[world],
            stdout=file,
            stderr=subprocess.PIPE,
            text=True,
            # A shell's background jobs, and what they start, ignore interrupts.
            preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
        ) as process,
    ):
        # When some have ended, all have been handed to the pool, and main waits.
        # A pool of CPython that is interrupted while it takes them may lose one.
        while output.read_text().count("end") < 4:
            time.sleep(0.01)
            assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert process.returncode == 130, errors
    lines = output.read_text().splitlines()
    # Of a hundred; how many begin until the signal is there depends on the machine.
    assert lines.count("begin") == lines.count("end") < 50
    assert lines[-1] == "cleaned up"
    assert "interrupted" in errors
    assert "Traceback" not in errors
