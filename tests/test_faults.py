"""The script does what the workflow does, whatever goes wrong.

For every golden case and example, every call of a leaf is let fail in turn, with every
kind of error that matters; then some pairs of calls. What is seen of the script's run
(calls, arguments, sleeps, the error with its notes, the state) must be what is seen of
the interpreter's.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from support.cases import Case, example_cases, golden_cases
from support.comparing import assert_equal
from support.faultplans import MOST_CALLS, situations
from support.records import Fault
from support.worlds import Situation, opened
from transpiler.ir.errors import Exhausted, RecoveredPanic

CASES = [*golden_cases(), *example_cases()]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Traces are written to the working directory."""
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_script_does_what_the_workflow_does(case: Case) -> None:
    script = case.expected.read_text(encoding="utf-8")
    with opened(case.workflow, script) as lab:
        compared = 0
        for situation in situations(lab):
            assert_equal(lab, situation)
            compared += 1
        assert compared


# What Python itself, a generator or a context manager would take for something else.
APART = (StopIteration, GeneratorExit, Exhausted, RecoveredPanic)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_errors_that_mean_something_to_python(case: Case) -> None:
    script = case.expected.read_text(encoding="utf-8")
    with opened(case.workflow, script) as lab:
        undisturbed = lab.interpret(Situation())
        assert_equal(lab, Situation())
        for at in range(min(len(undisturbed.calls), MOST_CALLS)):
            for kind in APART:
                assert_equal(lab, Situation(faults=(Fault(at, kind),)))
