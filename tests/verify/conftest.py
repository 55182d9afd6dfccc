"""Verifying what the golden cases say."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be written; if something is, it is not in the checkout."""
    monkeypatch.chdir(tmp_path)
