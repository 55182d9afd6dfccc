"""Which expressions have the same value in every process."""

from __future__ import annotations

import sys
import types
from pathlib import Path

import pytest
from authors import author

from transpiler.capture.settled import is_settled
from transpiler.ir.expressions import Given

SETTING = """\
import math
import os
import limits
from datetime import timedelta
from limits import CALLS, FIXED as SAME, helper

A = 3
B = max(A, 2) + len("ab")
PAUSE = timedelta(seconds=A)
C = helper()
D = int(os.environ.get("D_CALLS", "3"))
E = [D]
F = os.environ
G: int = D
H = 1
H = 2


def make(local):
    return put(%s)
"""


@pytest.fixture(autouse=True)
def _limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module of the author's that others import."""
    path = tmp_path / "limits.py"
    path.write_text(
        "import os\nFIXED = 3\nCALLS = int(os.getenv('CALLS', '3'))\n"
        "def helper():\n    return 3\n"
    )
    module = types.ModuleType("limits")
    module.__file__ = str(path)
    exec(path.read_text(), vars(module))
    monkeypatch.setitem(sys.modules, "limits", module)


@pytest.mark.parametrize(
    ("expression", "settled"),
    [
        ("A", True),
        ("B * 2", True),
        ("PAUSE", True),
        ("timedelta(seconds=local)", True),
        ("math.pi", True),
        ("SAME", True),
        ("limits.FIXED", True),
        ("H", True),
        ("helper()", False),
        ("timedelta(seconds=helper())", False),
        ("C", False),
        ("D + 1", False),
        ("E[0]", False),
        ("F", False),
        ("G", False),
        ("CALLS", False),
        ("limits.CALLS", False),
        ("os.environ", False),
    ],
)
def test_is_settled(expression: str, settled: bool) -> None:
    step = author(SETTING % expression)["make"](1)
    (argument,) = step.node.arguments
    assert isinstance(argument.value, Given)
    assert argument.value.source is not None
    assert is_settled(argument.value.source) is settled
