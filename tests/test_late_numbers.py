"""Numbers that a script takes from its own environment, not from that of the build."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from support.cases import ROOT

SCRIPT = ROOT / "tests" / "golden" / "retry_late" / "expected.py"

COUNT = """
import time
import expected

asked, paused = [], []

def call(line, number):
    asked.append(number)
    raise OSError(number)

expected.call = call
time.sleep = paused.append
try:
    expected.call_around(expected.Line())
except (OSError, ValueError) as error:
    print(len(asked), error)
"""


def run(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=SCRIPT.parent,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize(
    ("calls", "said"),
    [
        ("1", "1 111"),
        ("5", "5 111"),
        # Nothing has begun.
        ("0", "0 CALLS must be 1 or more, not 0"),
        ("-1", "0 CALLS must be 1 or more, not -1"),
    ],
)
def test_calls_are_those_of_the_run(calls: str, said: str) -> None:
    done = run("-c", COUNT, CALLS_OF_A_LINE=calls)
    assert done.stdout.strip() == said, done.stderr


def test_a_number_that_can_not_be_fails_the_script() -> None:
    done = run(SCRIPT.name, CALLS_OF_A_LINE="0")
    assert done.returncode == 1
    assert "ValueError: CALLS must be 1 or more, not 0" in done.stderr


def test_the_interpreter_refuses_it_when_it_is_built() -> None:
    done = run(
        "-m", "transpiler", "run", "workflow.py", CALLS_OF_A_LINE="0", NO_COLOR="1"
    )
    assert done.returncode == 2
    assert "error[FLOW104]: up_to(0) allows no call at all" in done.stderr
