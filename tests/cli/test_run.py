"""flowc run: the state it starts with, what it prints, how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flows import Flowc, Write

MODULE = """\
from __future__ import annotations

import sys
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Disk:
    size: int


@dataclass
class Spec:
    name: str
    size: int = 1
    replica: bool = False
    zones: list[str] = field(default_factory=list)
    disk: Disk | None = None
    log: list[str] = field(init=False, default_factory=list)


@flow.step
def show(spec: Spec) -> None:
    print(spec)


@flow.step
def fail(spec: Spec, how: str) -> None:
    if how == "exit":
        sys.exit(7)
    if how == "interrupt":
        raise KeyboardInterrupt
    error = RuntimeError(f"no room for {spec.name}")
    error.add_note("ask the storage team")
    if how == "group":
        raise ExceptionGroup("2 failed", [error, ValueError("bad")])
    raise error


@flow.workflow
def provision() -> flow.Step[Spec]:
    return flow.do(show())


@flow.workflow
def broken(how: str = "error") -> flow.Step[Spec]:
    return flow.do(fail(how))
"""


@pytest.fixture
def module(write: Write) -> Path:
    return write("flows/work.py", MODULE)


def test_the_state_is_made_from_the_options(flowc: Flowc, module: Path) -> None:
    words = ["name=db", "size=3", "replica=yes", "zones=a,b", 'disk={"size": 2}']
    settings = [word for each in words for word in ("--set", each)]
    result = flowc("run", "flows/work.py:provision", *settings)
    assert result.exit_code == 0, result.output
    assert result.stdout == (
        "Spec(name='db', size=3, replica=True, zones=['a', 'b'],"
        " disk=Disk(size=2), log=[])\n"
    )


def test_options_come_on_top_of_the_file(
    flowc: Flowc, module: Path, write: Write
) -> None:
    given = {"name": "db", "size": 2, "disk": {"size": 4}}
    file = write("state.json", json.dumps(given))
    result = flowc(
        *["run", "flows/work.py:provision", "--state", str(file), "--set", "size=9"]
    )
    assert result.stdout.startswith("Spec(name='db', size=9, replica=False")
    assert "disk=Disk(size=4)" in result.stdout


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("size=x", "--set size: should be a whole number, not 'x'"),
        ("nam=x", "--set nam: Spec has no such field: did you mean name?"),
        ("log=x", "--set log: set by the workflow itself (init=False)"),
        ("size=3", "the state: Spec needs name"),
        ("size", "'size' is not NAME=VALUE"),
    ],
)
def test_a_wrong_field_is_named(
    flowc: Flowc, module: Path, setting: str, message: str
) -> None:
    result = flowc("run", "flows/work.py:provision", "--set", setting)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"name": 3}', "state.json: name: should be a string, not 3"),
        ('{"name": "x", "disk": {}}', "disk: Disk needs size"),
        ('{"nam": "x"}', "state.json: nam: Spec has no such field"),
        ("{", "state.json: not JSON"),
        ("[]", "state.json: should be Spec, not []"),
    ],
)
def test_a_wrong_state_file(
    flowc: Flowc, module: Path, write: Write, text: str, message: str
) -> None:
    write("state.json", text)
    result = flowc("run", "flows/work.py:provision", "--state", "state.json")
    assert result.exit_code == 2
    assert message in result.stderr


def test_what_a_state_refuses_is_a_wrong_value(flowc: Flowc, write: Write) -> None:
    checked = """\
    def __post_init__(self) -> None:
        if self.size < 1:
            raise ValueError("size must be 1 at least")
"""
    text = MODULE.replace("    log: list", f"{checked}    log: list")
    write("checked.py", text)
    result = flowc("run", "checked.py:provision", "--set", "name=x", "--set", "size=0")
    assert result.exit_code == 2
    assert "the state: size must be 1 at least" in result.stderr


def test_a_failure_is_told_with_its_notes(flowc: Flowc, module: Path) -> None:
    arguments = ["run", "flows/work.py:broken", "--set", "name=db"]
    result = flowc(*arguments)
    assert result.exit_code == 1
    assert result.stderr == (
        "error: broken failed: RuntimeError: no room for db\n  ask the storage team\n"
    )
    verbose = flowc(*arguments, "-v")
    assert verbose.exit_code == 1
    assert "Traceback" in verbose.stderr
    assert "flows/work.py" in verbose.stderr
    assert "/transpiler/" not in verbose.stderr


def test_a_group_of_failures_is_told_in_full(flowc: Flowc, module: Path) -> None:
    result = flowc(
        *["run", "flows/work.py:broken", "--set", "name=db", "--param", "how=group"]
    )
    assert result.exit_code == 1
    assert "ExceptionGroup: 2 failed (2 sub-exceptions)" in result.stderr
    assert "- RuntimeError: no room for db" in result.stderr
    assert "- ValueError: bad" in result.stderr


@pytest.mark.parametrize(("how", "status"), [("exit", 7), ("interrupt", 130)])
def test_exit_status(flowc: Flowc, module: Path, how: str, status: int) -> None:
    result = flowc(
        *["run", "flows/work.py:broken", "--set", "name=db", "--param", f"how={how}"]
    )
    assert result.exit_code == status
    assert "Traceback" not in result.output


def test_which_workflow_is_meant_must_be_said(flowc: Flowc, module: Path) -> None:
    result = flowc("run", "flows/work.py")
    assert result.exit_code == 2
    assert "say which one: flows/work.py:provision" in result.stderr
