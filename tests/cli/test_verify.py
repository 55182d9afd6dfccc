"""flowc verify, and flowc build --verify: what is said, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flows import Flowc, Write

from transpiler.cli import cli

WORKFLOW = '''\
"""Greet."""

from dataclasses import dataclass

from transpiler import flow


@dataclass
class Spec:
    """What is asked for."""

    name: str = "x"


@flow.step
def greet(spec: Spec, whom: str) -> None:
    """Say hello."""
    print("hello", whom)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Provision it."""
    return flow.retry(greet("Ada"), flow.up_to(3), flow.fixed_backoff(2))
'''


@pytest.fixture
def real(project: Path, write: Write) -> Flowc:
    """Return a function that runs the command line in a project with a workflow."""
    write("flows/a.py", WORKFLOW)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(cli, arguments, prog_name="flowc")

    return run


def edit(project: Path, right: str, wrong: str) -> Path:
    path = project / "generated/provision.py"
    text = path.read_text(encoding="utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    return path


def test_what_is_equal(real: Flowc) -> None:
    assert real("build").exit_code == 0
    result = real("verify")
    assert result.exit_code == 0, result.output
    assert result.stdout == ""
    words, counted = result.stderr.splitlines()
    assert words.startswith("generated/provision.py: ")
    assert words.endswith(" fault paths equal (all there are)")
    assert counted == "scripts: 1 of 1 equal"


def test_a_missing_script(real: Flowc, project: Path) -> None:
    result = real("verify")
    assert result.exit_code == 1
    assert "generated/provision.py: there is no script yet" in result.stderr
    assert not (project / "generated").exists()


def test_an_edit_that_changes_the_meaning_and_its_path(
    real: Flowc, project: Path
) -> None:
    real("build")
    edited = edit(project, "time.sleep(2)", "time.sleep(3)")
    before = edited.read_bytes()
    result = real("verify")
    assert result.exit_code == 1
    assert edited.read_bytes() == before
    assert "generated/provision.py: it does something else" in result.stderr
    assert "when greet('Ada') raises InjectedError:" in result.stdout
    assert "! sleep 2 s" in result.stdout
    again = result.stdout.rpartition("again: flowc ")[2].split()
    assert again[:2] == ["verify", "flows/a.py:provision"]
    result = real(*again)
    assert result.exit_code == 1
    assert "! sleep 2 s" in result.stdout
    edit(project, "time.sleep(3)", "time.sleep(2)")
    result = real(*again)
    assert result.exit_code == 0
    assert "this path is equal" in result.stderr


def test_an_edit_that_keeps_the_meaning(real: Flowc, project: Path) -> None:
    real("build")
    edit(project, "time.sleep(2)", "time.sleep(1 + 1)  # as agreed")
    assert real("verify").exit_code == 0
    assert real("check").exit_code == 1


def test_a_script_that_is_none(real: Flowc, project: Path) -> None:
    real("build")
    edit(project, "def provision(", "def provision((")
    result = real("verify")
    assert result.exit_code == 1
    assert "the script can't be run: " in result.stderr
    assert "SyntaxError" in result.stderr


@pytest.mark.parametrize("path", ["x", "900:1", "0:99"])
def test_a_path_that_is_none(real: Flowc, path: str) -> None:
    real("build")
    result = real("verify", "flows/a.py", "--path", path)
    assert result.exit_code == 2
    assert "Invalid value for '--path'" in result.stderr


@pytest.mark.parametrize(
    "options", [("--faults", "-1"), ("--depth", "0"), ("--max-paths", "none")]
)
def test_limits_that_are_none(real: Flowc, options: tuple[str, str]) -> None:
    assert real("verify", *options).exit_code == 2


def test_a_workflow_that_cannot_be_built(real: Flowc, write: Write) -> None:
    real("build")
    write("flows/b.py", "import no_such_module\n")
    result = real("verify")
    assert result.exit_code == 2
    assert "FLOW003" in result.stderr
    assert "scripts: 1 of 1 equal, 1 failed" in result.stderr


def test_json(real: Flowc, project: Path) -> None:
    real("build")
    edit(project, "attempt == 3", "attempt == 2")
    result = real("verify", "--output-format", "json")
    assert result.exit_code == 1
    (row,) = json.loads(result.stdout)["verified"]
    assert row["path"] == "generated/provision.py"
    assert row["source"] == "flows/a.py"
    assert row["equal"] is False
    assert "raises InjectedError" in row["difference"]
    assert row["replay"]


def test_build_verifies_before_it_writes(
    real: Flowc, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = real("build", "--verify")
    assert result.exit_code == 0, result.output
    assert "fault paths equal" in result.stderr
    assert "wrote generated/provision.py" in result.stderr
    before = (project / "generated/provision.py").read_bytes()
    # A mistake of ours: now the lowering forgets the last attempt.
    monkeypatch.setattr(
        "transpiler.lowering.errors.plus_one",
        lambda written: written,
    )
    result = real("build", "--verify")
    assert result.exit_code == 1
    assert "it does something else" in result.stderr
    assert "! greet('Ada')" in result.stdout
    assert (project / "generated/provision.py").read_bytes() == before
    assert "orphan" not in result.stderr
