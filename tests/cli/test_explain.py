"""`flowc explain`: the page of a diagnostic."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from transpiler.cli import cli

PAGES = sorted((Path(__file__).parents[2] / "docs" / "diagnostics").glob("FLOW*.md"))


def explain(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["explain", *arguments], prog_name="flowc")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_code_is_explained(page: Path) -> None:
    for code in (page.stem, page.stem.lower(), page.stem.removeprefix("FLOW")):
        shown = explain(code)
        assert shown.exit_code == 0
        assert shown.output == page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("FLOW1O4", "there is no diagnostic FLOW1O4; did you mean FLOW104 or "),
        ("E501", "there is no diagnostic E501; they go from FLOW001 to FLOW"),
        ("../README", "there is no diagnostic ../README; they go from "),
    ],
)
def test_an_unknown_code(code: str, words: str) -> None:
    shown = explain(code)
    assert shown.exit_code == 2
    assert words in shown.output and "Traceback" not in shown.output
