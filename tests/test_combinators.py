"""What golden cases can't vary: the subjects of a switch, the environment of a run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from support.cases import ROOT, Case, build
from support.worlds import Lab, Situation, opened
from transpiler import flow

GOLDEN = ROOT / "tests" / "golden"


def opened_case(name: str) -> tuple[Case, Any]:
    folder = GOLDEN / name
    case = Case(name, folder / "workflow.py", folder / "expected.py")
    return case, opened(case.workflow, build(case))


def chosen(lab: Lab, situation: Situation) -> list[Any]:
    """Run a switch in both worlds; return what it wrote down in either."""
    expected, found = lab.interpret(situation), lab.execute(situation)
    # A NaN is not equal to itself, so what is compared is how it is written.
    assert repr(found) == repr(expected), situation
    assert expected.error is None
    fields: dict[str, Any] = dict(expected.state[1])
    journal: list[Any] = fields["journal"][1]
    return journal


@pytest.fixture
def sensors() -> Iterator[Lab]:
    _, context = opened_case("switch_values")
    with context as lab:
        yield lab


VALUES = [None, math.nan, float("nan"), -1.5, 0, 0.0, False, True, 5, 20, 20.0, "20"]
LEVELS = [1, 1.0, True, 2, "2", False, None, [1]]


def test_every_subject_of_a_switch(sensors: Lab) -> None:
    for on, value, level in product((True, False), VALUES, LEVELS):
        state = {"on": on, "value": value, "level": level}
        chosen(sensors, Situation(state))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"value": None}, {"nothing", "nothing again", "still nothing"}),
        ({"value": math.nan}, {"warm"}),
        ({"value": False}, {"freezing"}),
        ({"value": -1.5}, {"cold"}),
        ({"value": 20.0}, {"warm", "fine"}),
        ({"level": 1}, {"low", "one"}),
        ({"level": True}, {"low", "one"}),
        ({"level": 1.0}, {"low", "one"}),
        ({"level": "2"}, {"?", "two"}),
        ({"on": True, "level": 1}, {"it is on", "on and low"}),
    ],
)
def test_a_case_equals_its_subject(
    sensors: Lab, state: dict[str, Any], words: set[str]
) -> None:
    assert words <= set(chosen(sensors, Situation(state)))


def test_a_nan_equals_nothing(sensors: Lab) -> None:
    found = chosen(sensors, Situation({"value": math.nan}))
    assert not {"not a number", "never"} & set(found)


def test_the_environment_is_read_when_a_run_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FLOWC_TEST_TOKEN", "at build time")
    case, context = opened_case("env")
    assert "at build time" not in build(case)
    with context as lab:
        monkeypatch.setenv("FLOWC_TEST_TOKEN", "in the run")
        expected, found = lab.interpret(Situation()), lab.execute(Situation())
        assert found == expected
        assert ("token", "in the run") in found.calls[0]


def test_a_variable_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """The run fails before anything is done."""
    _, context = opened_case("env_required")
    with context as lab:
        monkeypatch.delenv("HOME")
        expected, found = lab.interpret(Situation()), lab.execute(Situation())
        assert found == expected
        assert (found.calls, found.error["type"]) == ([], "KeyError")
        assert found.error["message"] == "'HOME'"


def test_a_variable_in_a_repl(monkeypatch: pytest.MonkeyPatch) -> None:
    """`run` reads it, too, when it starts."""
    seen: list[str] = []

    @flow.step
    def see(state: object, name: str) -> None:
        seen.append(name)

    step = see(flow.env("FLOWC_TEST_NAME", "nobody"))
    step.run(None)
    monkeypatch.setenv("FLOWC_TEST_NAME", "somebody")
    step.run(None)
    assert seen == ["nobody", "somebody"]
