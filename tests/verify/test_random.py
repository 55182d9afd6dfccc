"""Random workflows are what their scripts are, as verify sees it.

`pytest tests/verify/test_random.py --long 5000` goes through so many more.
"""

from __future__ import annotations

from pathlib import Path

import black
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from verifying import verified

from support.drawn import Drawn
from support.random_workflows import random_source, seeded_source
from transpiler.verify import told

PATHS = 60
"""So many paths of each workflow are compared."""


@given(data=st.data())
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_equal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    compare(tmp_path, random_source(Drawn(data), depth=3), monkeypatch)


@pytest.mark.parametrize("seed", range(12))
def test_equal_six_levels_deep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    compare(tmp_path, seeded_source(seed, depth=6), monkeypatch)


def test_equal_for_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    many: int = request.config.getoption("--long")
    # One at least, so that this is known to work.
    for seed in range(1_000_000, 1_000_000 + max(1, many)):
        folder = tmp_path / str(seed)
        folder.mkdir()
        compare(folder, seeded_source(seed, depth=3 + seed % 4), monkeypatch, seed)


def compare(
    folder: Path, source: str, monkeypatch: pytest.MonkeyPatch, seed: int = 0
) -> None:
    path = folder / "workflow.py"
    path.write_text(source, encoding="utf-8")
    # How it is laid out makes no difference here, and takes most of the time.
    monkeypatch.setattr(black, "format_str", lambda text, mode: text)
    result = verified(path, paths=PATHS, seed=seed)
    assert result.difference is None, "\n".join([source, *told(result.difference)])
    assert result.compared
