"""What the documentation says about the command line is complete."""

from __future__ import annotations

import re
from pathlib import Path

import click

from transpiler.cli import cli
from transpiler.config import _KEYS
from transpiler.outputs import Status

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/cli.md").read_text(encoding="utf-8")


def test_each_diagnostic_of_the_command_line_has_a_page() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "transpiler").rglob("*.py")
    )
    codes = set(re.findall(r'"(FLOW0\d\d)"', sources))
    assert len(codes) > 10
    for code in codes:
        page = (ROOT / f"docs/diagnostics/{code}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {code}: ")
        assert f"error[{code}]" in page
        assert "## How to mend it" in page


def test_options_settings_and_statuses_are_documented() -> None:
    for name in cli.commands:
        command = cli.commands[name]
        for option in command.params:
            if isinstance(option, click.Option):
                assert option.opts[-1] in PAGE, f"{name} {option.opts[-1]}"
    for key in _KEYS:
        assert f"{key} = " in PAGE
    for status in Status:
        assert f"| `{status.token}` |" in PAGE
