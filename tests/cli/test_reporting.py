"""How findings are told."""

from __future__ import annotations

import sys
import time

import pytest

from transpiler.reporting import Progress, Reporter, describe_failure


def test_progress_is_for_long_work_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    long_ago = time.monotonic() - 2
    Progress(Reporter(), long_ago)(1, 3, "a.py")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    Progress(Reporter())(1, 3, "a.py")
    Progress(Reporter(output_format="json"), long_ago)(1, 3, "a.py")
    assert capfd.readouterr() == ("", "")
    progress = Progress(Reporter(), long_ago)
    progress(1, 3, "a.py")
    progress.clear()
    assert "1/3 a.py" in capfd.readouterr().err


def test_nested_groups_are_told_with_their_notes() -> None:
    inner = ValueError("bad\nvalue")
    inner.add_note("in step 3")
    error = ExceptionGroup("outer", [ExceptionGroup("inner", [inner]), KeyError("k")])
    assert describe_failure(error).splitlines() == [
        "ExceptionGroup: outer (2 sub-exceptions)",
        "  - ExceptionGroup: inner (1 sub-exception)",
        "      - ValueError: bad",
        "          value",
        "          in step 3",
        "  - KeyError: 'k'",
    ]
