"""A script runs where nothing is installed, and never imports what it was made with."""

from __future__ import annotations

import ast
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.bare import BarePython
from support.cases import Case, example_cases, golden_cases
from support.tempos import START
from support.worlds import Situation, opened

CASES = [*golden_cases(), *example_cases()]
STANDALONE = [
    case
    for case in CASES
    if "# dependencies = []\n" in case.expected.read_text(encoding="utf-8")
]
RUNNABLE = [
    case
    for case in STANDALONE
    if 'if __name__ == "__main__":' in case.expected.read_text(encoding="utf-8")
]

# What a script has to be told: fields of its state that have no default.
ARGUMENTS = {"roll_out": ("--version", "2.0")}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_script_does_not_import_flowc(case: Case) -> None:
    tree = ast.parse(case.expected.read_text(encoding="utf-8"))
    assert "transpiler" not in set(_imported(tree))


def test_scripts_are_modules(bare_python: BarePython) -> None:
    """Importing them runs nothing."""
    paths = [str(case.expected) for case in STANDALONE]
    done = bare_python.run("-c", IMPORT, *paths)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("case", RUNNABLE, ids=str)
def test_script_runs(
    case: Case, bare_python: BarePython, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It ends as the interpreter does."""
    monkeypatch.chdir(tmp_path)
    text = case.expected.read_text(encoding="utf-8")
    with opened(case.workflow, text) as lab:
        error = lab.interpret(Situation()).error
    done = bare_python.run(
        "-c", QUICK, str(case.expected), *ARGUMENTS.get(case.name, ())
    )
    assert done.returncode == (1 if error else 0), done.stderr
    if error:
        assert f"{error['type']}: {error['message']}" in done.stderr
    else:
        # An error that was only logged shows its traceback, too.
        assert "Traceback" not in done.stderr or "best effort failed" in done.stderr


@pytest.mark.parametrize("case", RUNNABLE, ids=str)
def test_script_prints_its_plan(case: Case, plans: dict[str, Any]) -> None:
    doc = ast.get_docstring(ast.parse(case.expected.read_text(encoding="utf-8")), False)
    assert doc is not None
    assert plans[str(case.expected)] == [0, doc + "\n"]


@pytest.fixture(scope="module")
def plans(bare_python: BarePython) -> dict[str, Any]:
    """The exit status and the output of each script with --plan."""
    options = [_plan_option(case.expected.read_text("utf-8")) for case in RUNNABLE]
    pairs = zip([str(case.expected) for case in RUNNABLE], options, strict=True)
    done = bare_python.run("-c", PLAN, *(word for pair in pairs for word in pair))
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


IMPORT = """
import runpy, sys
for path in sys.argv[1:]:
    runpy.run_path(path, run_name="a_module")
assert "transpiler" not in sys.modules
"""

PLAN = """
import contextlib, io, json, runpy, sys
words, found = sys.argv[1:], {}
while words:
    path, option, *words = words
    sys.argv = [path, option]
    with contextlib.redirect_stdout(io.StringIO()) as output:
        try:
            runpy.run_path(path, run_name="__main__")
        except SystemExit as end:
            found[path] = [end.code, output.getvalue()]
print(json.dumps(found))
"""

# Time passes only by sleeping, from the moment on at which all runs begin.
QUICK = f"""
import logging, runpy, sys, threading, time
now = [{START}]
def sleep(seconds):
    now[0] += seconds
time.sleep, time.monotonic, time.time = sleep, lambda: now[0], lambda: now[0]
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def _plan_option(script: str) -> str:
    # A state with a field called `plan` has the option for itself.
    return "--print-plan" if '"--print-plan"' in script else "--plan"


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


def test_the_bare_environment_is_bare(bare_python: BarePython, tmp_path: Path) -> None:
    """The other tests of this file would prove nothing if it were not."""
    done = bare_python.run("-c", "import transpiler")
    assert "No module named 'transpiler'" in done.stderr
    assert isinstance(done, subprocess.CompletedProcess)
