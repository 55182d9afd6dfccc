"""Every golden case is built, compared with its expected script, linted and typed.

`pytest --update-golden` writes what is built now; read the difference before you commit
it, as if a colleague had written it by hand.
"""

from __future__ import annotations

import ast
import difflib

import pytest

from support.cases import ROOT, Case, build, example_cases, formatted, golden_cases
from support.checkers import Findings, check_all
from transpiler.outputs import stamp

CASES = golden_cases()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_expected(case: Case, update_golden: bool) -> None:
    built = build(case)
    again = build(case)
    assert built == again, f"{case} is built differently the second time"
    if update_golden:
        case.expected.write_text(built, encoding="utf-8")
    assert case.expected.is_file(), f"{case} has no expected.py: {update(case)}"
    expected = case.expected.read_text(encoding="utf-8")
    assert built == expected, difference(case, expected, built)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_expected_is_laid_out_by_black(case: Case) -> None:
    expected = case.expected.read_text(encoding="utf-8")
    again = formatted(expected)
    assert again == expected, difference(case, expected, again)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_is_described(case: Case) -> None:
    notes = (case.expected.parent / "notes.md").read_text(encoding="utf-8")
    assert notes.startswith("# "), "notes.md says in a line what the case shows"


@pytest.mark.parametrize("case", [*CASES, *example_cases()], ids=str)
def test_clean(case: Case, findings: Findings) -> None:
    """The author's code first, so that a failure tells whose fault it is."""
    for path in case.sources:
        assert not findings[path], f"the author's own code in {path.name}"
    assert not findings[case.expected], "the script"


@pytest.mark.parametrize("case", example_cases(), ids=str)
def test_generated_is_what_the_examples_say(case: Case) -> None:
    assert case.expected.read_text(encoding="utf-8") == stamp(build(case))


@pytest.mark.parametrize("case", CASES, ids=str)
def test_nothing_in_a_script_is_unused(case: Case) -> None:
    """Every function and class of a script is used by another part of it.

    In a project of several modules, a decorator or a base class may keep what it gets.
    """
    tree = ast.parse(case.expected.read_text(encoding="utf-8"))
    read = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    defined = {
        node.name
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and not (len(case.sources) > 1 and _is_registered(node))
    }
    # A script without a command line has its workflow to be imported.
    last = tree.body[-1]
    entry = {last.name} if isinstance(last, ast.FunctionDef) else set()
    assert defined <= read | entry, sorted(defined - read - entry)


def _is_registered(node: ast.FunctionDef | ast.ClassDef) -> bool:
    """Whether something else is told of a definition when it is made."""
    return bool(node.decorator_list or (isinstance(node, ast.ClassDef) and node.bases))


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    """What ruff and mypy say of all workflows and scripts, in one run of each."""
    cases = [*CASES, *example_cases()]
    return check_all(cases, tmp_path_factory.mktemp("checked"))


def difference(case: Case, expected: str, built: str) -> str:
    """Return the difference as a unified diff, and how to accept it."""
    path = case.expected.relative_to(ROOT).as_posix()
    lines = difflib.unified_diff(
        expected.splitlines(), built.splitlines(), path, "built now", lineterm=""
    )
    return "\n".join(["", *lines, "", update(case)])


def update(case: Case) -> str:
    """Return the command that accepts what is built now."""
    return f"accept it with: pytest tests/test_golden.py -k {case.name} --update-golden"
