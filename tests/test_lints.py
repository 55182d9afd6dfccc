"""Lints find what is likely to be wrong, and leave alone what is fine.

A case is a folder `CODE` or `CODE-variant` with a project and no code of the test's.
`expected.txt` says what is run, what that prints, and the exit status. A case whose
variant begins with `not-` has nothing but what looks like a finding and is none.
`pytest --update-golden` writes them anew, from the command in the first line.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from support.cases import example_cases, golden_cases
from transpiler.cli import cli
from transpiler.frontend.load import loaded
from transpiler.lint import LINTS

ROOT = Path(__file__).resolve().parents[1]
CASES = sorted(path.parent for path in ROOT.glob("tests/lints/*/workflow.py"))
PAGES = sorted((ROOT / "docs/diagnostics").glob("FLOW5*.md"))
COMMAND = "lint workflow.py"
FINDING = re.compile(r"^\S+?:\d+: (error|warning|hint)\[(FLOW\d+)\]", re.M)


def run(command: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setenv("NO_COLOR", "1")
    return CliRunner().invoke(cli, command.split(), prog_name="flowc")


@pytest.fixture
def project(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of a case's project as the working directory."""
    folder = tmp_path / "project"
    ignored = shutil.ignore_patterns("expected.txt", "__pycache__")
    shutil.copytree(request.param, folder, ignore=ignored)
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("case", "project"),
    [(c, c) for c in CASES],
    indirect=["project"],
    ids=lambda c: c.name,
)
def test_case(
    case: Path, project: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    expected = case / "expected.txt"
    before = expected.read_text(encoding="utf-8") if expected.is_file() else ""
    command = before.partition("\n")[0].removeprefix("$ flowc ") or COMMAND
    result = run(command, monkeypatch)
    said = f"$ flowc {command}\n{result.stderr}(exit status {result.exit_code})\n"
    said = "\n".join(line.rstrip() for line in said.split("\n"))
    if update_golden:
        expected.write_text(said, encoding="utf-8")
        before = said
    assert said == before, "accept it with: pytest --update-golden"
    assert str(project) not in said, "paths are relative"
    found = FINDING.findall(said)
    severities = {severity for severity, _ in found}
    assert result.exit_code == int(bool(severities - {"hint"}))
    if "-not-" in case.name:
        assert not found
    else:
        assert case.name[:7] in {code for _, code in found}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_cases_can_be_translated(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lint is about workflows that a build has nothing to say about."""
    monkeypatch.chdir(case)
    result = run(f"check workflow.py --output {case}", monkeypatch)
    assert "error[" not in result.stderr
    assert "scripts: 1 missing" in result.stderr


def seen_by(case: str) -> list[str]:
    """Return what the closures of a case see when it is run."""
    with loaded(ROOT / "tests/lints" / case / "workflow.py") as module:
        fleet = module.module.Fleet()
        module.entry_point("provision").step().run(fleet)
    seen: list[str] = fleet.seen
    return seen


def test_closures_that_are_reported_see_the_last_turn() -> None:
    assert seen_by("FLOW505") == ["server b"] * 2 + ["B"] * 2 + ["z"] * 3 + ["y"] * 2


def test_closures_that_are_not_reported_see_their_own_turn() -> None:
    seen = seen_by("FLOW505-not-late")
    assert seen.count("a") == seen.count("b") == 6
    assert seen[-9:-6] == ["x", "y", "z"]
    assert seen[-6:-4] == ["1 of x", "2 of x"]


def test_every_lint_has_a_page_and_cases() -> None:
    codes = {page.stem for page in PAGES}
    assert len(codes) == len(LINTS) + 1, "the one more is FLOW500: the silences"
    finding = {c.name[:7] for c in CASES if "-not-" not in c.name}
    fine = {c.name[:7] for c in CASES if "-not-" in c.name}
    assert finding == fine == codes


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_pages_show_what_is_printed_and_how_to_silence_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    example = re.search(r"^```\n(.*?)^```$", text, re.M | re.S)
    assert example
    said = [
        (case / "expected.txt").read_text(encoding="utf-8")
        for case in CASES
        if case.name.startswith(page.stem)
    ]
    assert any(example[1] in case for case in said), "the example is out of date"
    assert "\n## How to silence it\n" in text


def test_examples_are_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert len(example_cases()) > 4
    result = run("lint", monkeypatch)
    assert result.stderr == "lint: no findings\n"
    assert result.exit_code == 0


GOLDEN = {
    "retry_expressions": {"FLOW503": 1},
    "retry_order": {"FLOW503": 6, "FLOW504": 1},
    "with_timeout_retry": {"FLOW503": 1},
}
"""The warnings of golden cases, each checked by hand: unusual orders of policies."""


def test_golden_cases_have_only_the_findings_that_are_true(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A case with a true warning belongs into GOLDEN; one that is not true is a bug.

    The hints are journals of calls, in which further attempts are meant to show.
    """
    monkeypatch.chdir(ROOT)
    targets = " ".join(str(case.workflow.relative_to(ROOT)) for case in golden_cases())
    result = run(f"lint --output-format json {targets}", monkeypatch)
    found: dict[str, dict[str, int]] = {}
    for diagnostic in json.loads(result.stdout)["diagnostics"]:
        code = diagnostic["code"]
        if diagnostic["severity"] == "hint":
            assert code == "FLOW502"
            continue
        case = found.setdefault(Path(diagnostic["path"]).parent.name, {})
        case[code] = case.get(code, 0) + 1
    assert found == GOLDEN
