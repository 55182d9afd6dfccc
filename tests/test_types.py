"""mypy --strict and pyright hold the types of the language.

`types/accept_*.py` and the examples must be clean under both. In `types/reject.py` both
must report every statement with the comment `# error`, and no other. `types/limits.py`
says where they fall short, `# error (mypy)` being what only mypy reports: a line that
gets better must be noticed too.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT / "tests" / "types"
EXAMPLES = sorted((ROOT / "examples").glob("*/workflow.py"))

Findings = dict[str, dict[int, str]]
"""What a checker found: for each file, a message for each line."""


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All files in one folder, since many workflows are called `workflow`."""
    folder = tmp_path_factory.mktemp("types")
    for path in CASES.glob("*.py"):
        shutil.copy(path, folder)
    for path in EXAMPLES:
        shutil.copy(path, folder / f"accept_{path.parent.name}.py")
    return folder


@pytest.fixture(scope="session")
def mypy(folder: Path) -> Findings:
    """What mypy finds in all files."""
    done = run(
        "mypy",
        "--strict",
        "--python-version=3.11",
        "--config-file=",
        f"--cache-dir={ROOT / '.mypy_cache' / 'types'}",
        "--no-error-summary",
        "--hide-error-context",
        "--no-pretty",
        str(folder),
    )
    assert done.returncode < 2, done.stdout + done.stderr
    found: Findings = defaultdict(dict)
    for path, line, message in re.findall(
        r"^(\S+?):(\d+): error: (.*)$", done.stdout, re.M
    ):
        found[Path(path).name].setdefault(int(line), message)
    return found


@pytest.fixture(scope="session")
def pyright(folder: Path) -> Findings:
    """What pyright finds in all files."""
    config = {
        "include": ["."],
        "typeCheckingMode": "standard",
        "pythonVersion": "3.11",
        "extraPaths": [str(ROOT)],
    }
    (folder / "pyrightconfig.json").write_text(json.dumps(config), encoding="utf-8")
    done = run(
        "pyright",
        "--outputjson",
        f"--project={folder}",
        f"--pythonpath={sys.executable}",
    )
    assert done.returncode < 2, done.stdout + done.stderr
    found: Findings = defaultdict(dict)
    for each in json.loads(done.stdout)["generalDiagnostics"]:
        if each["severity"] == "error":
            line = each["range"]["start"]["line"] + 1
            found[Path(each["file"]).name].setdefault(line, each["message"])
    return found


def run(tool: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [Path(sys.executable).with_name(tool), *arguments],
        capture_output=True,
        text=True,
        env={
            **os.environ,
            "MYPYPATH": str(ROOT),
            # The version is the one that is installed, not the newest.
            "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1",
        },
        check=False,
    )


@pytest.fixture(params=["mypy", "pyright"])
def checker(request: pytest.FixtureRequest) -> str:
    """Each of the checkers."""
    name: str = request.param
    return name


@pytest.fixture
def findings(checker: str, request: pytest.FixtureRequest) -> Findings:
    """What that checker finds."""
    found: Findings = request.getfixturevalue(checker)
    return found


def test_what_is_right_is_accepted(findings: Findings, folder: Path) -> None:
    accepted = sorted(path.name for path in folder.glob("accept_*.py"))
    assert len(accepted) == len(EXAMPLES) + len(list(CASES.glob("accept_*.py")))
    wrong = {name: findings[name] for name in accepted if findings.get(name)}
    assert wrong == {}


@pytest.mark.parametrize("name", ["reject.py", "limits.py"])
def test_what_is_wrong_is_reported(findings: Findings, checker: str, name: str) -> None:
    source = (CASES / name).read_text(encoding="utf-8")
    begin = statements(source)
    found = {begin[line]: text for line, text in findings.get(name, {}).items()}
    expected = expected_errors(source, checker)
    assert expected
    missed = {line: source.splitlines()[line - 1] for line in expected - found.keys()}
    assert missed == {}
    surplus = {line: text for line, text in found.items() if line not in expected}
    assert surplus == {}


def expected_errors(source: str, checker: str) -> set[int]:
    """Return the statements whose comment says that this checker must object."""
    begin = statements(source)
    return {
        begin[number]
        for number, text in enumerate(source.splitlines(), start=1)
        if (found := re.search(r"# error(?: \((\w+)\))?$", text))
        and found[1] in (None, checker)
    }


def statements(source: str) -> dict[int, int]:
    """Map every line to the first one of its statement, of a body's to its own."""
    begin: dict[int, int] = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            last = node.body[0].lineno - 1
        elif isinstance(node, ast.stmt):
            first, last = node.lineno, node.end_lineno or node.lineno
        else:
            continue
        begin.update(dict.fromkeys(range(first, last + 1), first))
    return begin
