"""Fixtures of the frontend's tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from projects import Projects  # noqa: E402


@pytest.fixture
def projects(tmp_path: Path) -> Projects:
    """Return a maker of small projects, in a folder of their own."""
    return Projects(tmp_path)
