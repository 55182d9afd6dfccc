"""A script runs where nothing is installed, and never imports what it was made with."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.bare import BarePython
from support.cases import Case, example_cases, golden_cases

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


@pytest.mark.parametrize("case", STANDALONE, ids=str)
def test_script_is_a_module(case: Case, bare_python: BarePython) -> None:
    """Importing it runs nothing."""
    done = bare_python.run("-c", _IMPORT, str(case.expected))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("case", RUNNABLE, ids=str)
def test_script_runs(case: Case, bare_python: BarePython) -> None:
    done = bare_python.run(str(case.expected), *ARGUMENTS.get(case.name, ()))
    assert done.returncode == 0, done.stderr
    # An error that was only logged shows its traceback, too.
    assert "Traceback" not in done.stderr or "best effort failed" in done.stderr


@pytest.mark.parametrize("case", RUNNABLE, ids=str)
def test_script_prints_its_plan(case: Case, bare_python: BarePython) -> None:
    text = case.expected.read_text(encoding="utf-8")
    done = bare_python.run(str(case.expected), _plan_option(text))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.rstrip("\n") == (
        ast.get_docstring(ast.parse(text), False) or ""
    ).rstrip("\n")


_IMPORT = """
import runpy, sys
names = runpy.run_path(sys.argv[1], run_name="a_module")
assert "transpiler" not in sys.modules
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
