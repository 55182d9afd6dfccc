"""flowc verify finds mistakes: in scripts, and in what writes them.

A mutation that survives shows something that verify does not look at.
"""

from __future__ import annotations

from functools import partial
from importlib import import_module

import pytest
from careless import CARELESS, Careless
from mutations import SCRIPTS, Mutation
from verifying import verified

from support.cases import GOLDEN
from transpiler.verify import Result, encoded, told

PATHS = 3000
"""Nearly all are found at once; one shows only behind several others."""


def test_there_are_enough() -> None:
    assert len(set(map(str, SCRIPTS))) >= 25
    assert len(set(map(str, CARELESS))) >= 10


@pytest.mark.parametrize("mutation", SCRIPTS, ids=str)
def test_mistake_in_a_script_is_found(mutation: Mutation) -> None:
    folder = GOLDEN / mutation.case
    script = (folder / "expected.py").read_text(encoding="utf-8")
    # Not in the plan: in what runs.
    begin = script.index("from __future__")
    head, body = script[:begin], script[begin:]
    assert mutation.right in body, "the case says something else now"
    mutated = head + body.replace(mutation.right, mutation.wrong, 1)
    assert mutated != script
    assert_found(verified(folder / "workflow.py", mutated, paths=PATHS))


@pytest.mark.parametrize("careless", CARELESS, ids=str)
def test_mistake_of_the_lowering_is_found(
    careless: Careless, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = import_module(careless.module)
    original = getattr(module, careless.name)
    wrong = partial(careless.wrong, original)
    monkeypatch.setattr(module, careless.name, wrong)
    assert_found(verified(GOLDEN / careless.case / "workflow.py", paths=PATHS))


def assert_found(result: Result) -> None:
    assert result.difference is not None, "it survives"
    assert any(line.startswith("!") for line in told(result.difference))
    assert encoded(result.difference)
