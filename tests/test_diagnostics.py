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

from transpiler import flow, transpile_file
from transpiler.cli import cli
from transpiler.diagnostics import TranspileError
from transpiler.emit.script import _check

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

ELSEWHERE = {
    "FLOW314": "a compiled module: tests/frontend",
    "FLOW317": "the command line reads the settings first: tests/frontend",
    "FLOW401": "a mistake of ours: below",
    "FLOW402": "a mistake of ours: below",
}
"""Codes that no command on a project of text files provokes: where they are tested."""


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


def raised() -> set[str]:
    """Return every code that stands in the source."""
    return {
        code
        for path in (ROOT / "transpiler").rglob("*.py")
        for code in re.findall(r"\bFLOW\d{3}\b", path.read_text(encoding="utf-8"))
    }


def is_lint(code: str) -> bool:
    """Whether the build knows nothing of it: see test_lints.py for its cases."""
    return code.startswith("FLOW5")


def test_every_code_has_a_page_and_a_case() -> None:
    codes = raised()
    assert codes == {path.stem for path in PAGES.glob("FLOW*.md")}
    cases = {case.name[:7] for case in CASES}
    lints = {code for code in codes if is_lint(code)}
    assert cases == codes - ELSEWHERE.keys() - lints


def test_pages_are_in_the_index() -> None:
    rows = [
        f"| [{path.stem}]({path.name}) | {title(path)} |"
        for path in sorted(PAGES.glob("FLOW*.md"))
    ]
    index = (PAGES / "README.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in index if line.startswith("| [")] == rows


def title(page: Path) -> str:
    return page.read_text(encoding="utf-8").partition("\n")[0].partition(": ")[2]


@pytest.mark.parametrize("code", sorted(raised()))
def test_pages_show_what_is_printed(code: str) -> None:
    page = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {code}: ")
    assert "\n## How to mend it\n" in page
    example = re.search(r"^```\n(.*?)^```$", page, re.M | re.S)
    assert example, "no example"
    assert re.search(rf"(error|warning|hint)\[{code}\]: ", example[1])
    if code[4] in "12":
        # These are copied from the cases.
        said = [
            (case / "expected.txt").read_text(encoding="utf-8")
            for case in CASES
            if case.name.startswith(code)
        ]
        assert any(example[1] in text for text in said), "the example is out of date"


def test_a_script_that_would_not_compile_is_refused() -> None:
    with pytest.raises(TranspileError) as caught:
        _check("def provision(:\n    pass\n", "workflow.py:provision")
    (found,) = caught.value.diagnostics
    assert found.code == "FLOW401"
    assert "in line 1: def provision(:" in found.message


def test_a_script_that_reads_unknown_names_is_refused() -> None:
    with pytest.raises(TranspileError) as caught:
        _check("def provision():\n    print(users, len)\n", "workflow.py:provision")
    (found,) = caught.value.diagnostics
    assert found.code == "FLOW402"
    assert found.message.endswith("that it does not have: users")


def test_all_mistakes_are_in_the_exception_of_the_api() -> None:
    path = ROOT / "tests/diagnostics/FLOW104-many-at-once/workflow.py"
    with pytest.raises(TranspileError) as caught:
        transpile_file(path)
    codes = [found.code for found in caught.value.diagnostics]
    assert len(set(codes)) >= 5
    assert str(caught.value).count("error[") == len(codes)
    spans = [found.span for found in caught.value.diagnostics]
    assert spans == sorted(spans)


def test_a_mistake_outside_of_a_build_is_raised_at_once() -> None:
    with pytest.raises(TranspileError) as caught:
        flow.retry(flow.do(), flow.up_to(0))
    (found,) = caught.value.diagnostics
    assert (found.code, found.span.path) == ("FLOW104", __file__)
