"""Bad input gets a clear error and leaves no file.

A case is a folder `CODE` or `CODE-variant` with a project and no code of the test's:
`expected.txt` says what is run and what that prints. `pytest --update-golden` writes
it anew, from the command in its first line.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from transpiler.cli import cli

ROOT = Path(__file__).resolve().parents[1]
CASES = sorted(path.parent for path in ROOT.glob("tests/diagnostics/*/expected.txt"))
CASES += sorted(
    path.parent
    for path in ROOT.glob("tests/diagnostics/*/workflow.py")
    if path.parent not in CASES
)
PAGES = ROOT / "docs" / "diagnostics"

COMMAND = "build workflow.py"
PASSWORD = "x9Kf2Qp77ZtLw0"
OLD = "# A script that was built before.\n"

OURS = {"FLOW401", "FLOW402"}
"""Mistakes of ours: no workflow is known that provokes them."""


def run(command: str, monkeypatch: pytest.MonkeyPatch) -> Result:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("DB_PASSWORD", PASSWORD)
    return CliRunner().invoke(cli, command.split(), prog_name="flowc")


def files(folder: Path) -> dict[str, bytes]:
    """Return all files in a folder, but for what an import leaves."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture
def project(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A copy of the case's project, with an old script, as the working directory."""
    folder = tmp_path / "project"
    ignored = shutil.ignore_patterns("expected.txt", "__pycache__")
    shutil.copytree(request.param, folder, ignore=ignored)
    if not (folder / "generated").exists():
        (folder / "generated").mkdir()
        (folder / "generated" / "provision.py").write_text(OLD, encoding="utf-8")
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("case", "project"), [(c, c) for c in CASES], indirect=["project"], ids=lambda c: c.name
)
def test_case(
    case: Path, project: Path, monkeypatch: pytest.MonkeyPatch, update_golden: bool
) -> None:
    expected = case / "expected.txt"
    before = expected.read_text(encoding="utf-8") if expected.is_file() else ""
    command = before.partition("\n")[0].removeprefix("$ flowc ") or COMMAND
    untouched = files(project)
    result = run(command, monkeypatch)
    said = result.stderr.replace(sys.executable, "python")
    said = "\n".join(line.rstrip() for line in f"$ flowc {command}\n{said}".split("\n"))
    if update_golden:
        expected.write_text(said, encoding="utf-8")
        before = said
    assert said == before, "accept it with: pytest --update-golden"
    assert result.exit_code == 2
    assert files(project) == untouched
    assert f"error[{case.name[:7]}]: " in said
    check_manners(said, project)


def check_manners(said: str, project: Path) -> None:
    """Hold a report against what all reports must be like."""
    assert "Traceback" not in said
    assert "internal error" not in said
    assert str(project) not in said, "paths are relative"
    assert str(ROOT) not in said, "it points at a file of ours"
    assert PASSWORD not in said
    assert not re.search(r"0x[0-9a-f]{6}", said), "an address says nothing"
    found = re.findall(r"^(?:(\S+?)(?::(\d+))?: )?error\[(FLOW\d+)\]", said, re.M)
    assert found
    places = [(path, int(line or 0)) for path, line, _ in found]
    assert places == sorted(places)
    for line in said.splitlines()[1:]:
        assert line == line.rstrip()
