"""Random workflows do what their scripts do, and their scripts are as clean as any."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from random import Random

import black
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.cases import Case
from support.checkers import check_all
from support.comparing import assert_equal
from support.drawn import Drawn
from support.faultplans import situations
from support.random_workflows import random_source, seeded_source
from support.worlds import opened
from transpiler import transpile_file

SITUATIONS = 25
"""So many situations are compared for each workflow."""

LINTED = 20


@given(data=st.data())
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
def test_script_does_what_the_workflow_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    source = random_source(Drawn(data), depth=3)
    compare(tmp_path, source, monkeypatch)


@pytest.mark.parametrize("seed", range(30))
def test_large_script_does_what_the_workflow_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    source = seeded_source(seed, depth=5)
    compare(tmp_path, source, monkeypatch)


def test_scripts_are_clean(tmp_path: Path) -> None:
    """Whatever is composed, nothing is left for black, ruff or mypy to find."""
    cases = []
    for seed in range(LINTED):
        workflow = tmp_path / f"w{seed}" / "workflow.py"
        workflow.parent.mkdir()
        text = black.format_str(seeded_source(seed), mode=black.Mode())
        workflow.write_text(text, encoding="utf-8")
        expected = workflow.with_name("expected.py")
        script = transpile_file(workflow)
        assert black.format_str(script, mode=black.Mode()) == script
        expected.write_text(script, encoding="utf-8")
        cases.append(Case(f"seed_{seed}", workflow, expected))
    folder = tmp_path / "checked"
    folder.mkdir()
    findings = check_all(cases, folder)
    found = [
        f"seed {seed}: {finding}"
        for seed, case in enumerate(cases)
        for finding in findings[case.expected]
    ]
    assert not found, "\n".join(found)


def compare(folder: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build a workflow and compare it with its script in some situations."""
    path = folder / "workflow.py"
    path.write_text(source, encoding="utf-8")
    # How it is laid out makes no difference here, and takes most of the time.
    monkeypatch.setattr(black, "format_str", _as_it_is)
    # Traces are written to the working directory.
    monkeypatch.chdir(folder)
    with opened(path, transpile_file(path)) as lab:
        every = list(islice(situations(lab), 40 * SITUATIONS))
        chosen = Random(0).sample(every, min(SITUATIONS, len(every)))
        for situation in [*every[:1], *chosen]:
            assert_equal(lab, situation)


def _as_it_is(text: str, *, mode: black.Mode) -> str:
    return text
