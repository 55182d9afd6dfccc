"""Expressions of the author's own come out in every way that makes a difference."""

from __future__ import annotations

from pathlib import Path

import pytest
from test_explore import folder
from verifying import verified

from support.cases import remembering_black
from transpiler import transpile_file
from transpiler.verify import told

__all__ = ["folder"]

HEADER = """\
from dataclasses import dataclass, field

from transpiler import flow

LARGE = 70


@dataclass
class Disk:
    size: int = 10


@dataclass
class State:
    region: str = "eu"
    count: int = 0
    load: float = 0.5
    names: list[str] = field(default_factory=list)
    disk: Disk = field(default_factory=Disk)


@flow.step
def work(state: State, what: object) -> None:
    raise AssertionError("bodies do not run")


@flow.predicate
def ready(state: State, name: str = "x") -> bool:
    raise AssertionError("bodies do not run")


@flow.extract
def items(state: State) -> list[str]:
    raise AssertionError("bodies do not run")


def decide(state: State, error: Exception) -> flow.Step[State] | None:
    if "quota" in str(error):
        return work("less")
    if state.count > 3:
        return work("more")
    raise error


@flow.workflow
def job() -> flow.Step[State]:
    return """

A, B = 'work(state, "a")', 'work(state, "other")'


def edited(folder: Path, step: str, right: str, wrong: str) -> list[str]:
    """Return how the difference is told that an edit makes."""
    path = folder / "workflow.py"
    path.write_text(f"{HEADER}{step}\n", encoding="utf-8")
    with remembering_black():
        script = transpile_file(path)
    assert verified(path, script, paths=300).difference is None
    assert right in script
    difference = verified(path, script.replace(right, wrong, 1)).difference
    assert difference is not None, "it survives"
    return told(difference)


@pytest.mark.parametrize(
    ("test", "when"),
    [
        ("state.region == 'us'", "state.region is 'us'"),
        ("state.count > 3", "state.count is 4"),
        ("state.load >= 0.75", "state.load is 0.75"),
        ("len(state.names) > 0", "state.names is ['state.names[0]', "),
        ("len(state.names) == 3", "state.names is ['state.names[0]', "),
        ("'prod' in state.names", "state.names is ['prod']"),
        ("state.disk.size >= LARGE", "state.disk.size is 70"),
        ("not ready.fn(state, 'y')", "ready('y') is false"),
    ],
)
def test_a_branch_that_only_an_expression_takes(
    folder: Path, test: str, when: str
) -> None:
    step = f'flow.when(lambda state: {test}, work("a"))'
    first, *_ = edited(folder, step, A, B)
    assert first.startswith(f"when {when}")


def test_a_case_of_what_an_expression_reads(folder: Path) -> None:
    cases = '{"eu": work("e"), "us": work("a")}'
    step = f'flow.switch(lambda state: state.region, {cases}, otherwise=work("o"))'
    assert edited(folder, step, A, B)[0] == "when state.region is 'us':"


def test_items_that_an_expression_reads(folder: Path) -> None:
    each = "flow.for_each(lambda state: state.names, lambda n: work(n))"
    first, *_ = edited(
        folder, f"flow.in_serial({each})", "work(state, n)", "work(state, 1)"
    )
    assert first.startswith("when state.names is ['state.names[0]', ")


def test_words_that_a_check_looks_for(folder: Path) -> None:
    check = 'flow.only_if(lambda error: "again" in str(error))'
    step = f'flow.retry(work("b"), {check}, flow.up_to(3))'
    lines = edited(folder, step, "attempt == 3", "attempt == 2")
    assert lines[0].endswith(
        "raises InjectedError that says 'again' now and ever after:"
    )


def test_words_that_a_handler_looks_for(folder: Path) -> None:
    step = 'flow.on_error(work("b"), decide)'
    less, more = 'work(state, "less")', 'work(state, "more")'
    lines = edited(folder, step, less, B)
    assert lines[0] == "when work('b') raises InjectedError that says 'quota':"
    lines = edited(folder, step, more, B)
    second = "work('b') raises InjectedError:"
    assert lines[0] == f"when state.count is 4,\n  and {second}"


@pytest.mark.parametrize("limit", ["", ", limit=20"])
def test_how_many_at_once_where_those_are_many(folder: Path, limit: str) -> None:
    step = f"flow.in_parallel(flow.for_each(items, lambda i: work(i)){limit})"
    most = 20 if limit else 32
    lines = edited(folder, step, f"max_workers={most}", f"max_workers={most - 1}")
    assert lines[0] == f"when items() returns {most + 1} elements:"


def test_an_edit_may_use_what_a_run_has_in_hand(folder: Path) -> None:
    """The clock, pauses and chance are the run's own, so nothing has to stand in."""
    path = folder / "workflow.py"
    path.write_text(f'{HEADER}flow.do(work("a"), flow.sleep(1))\n', encoding="utf-8")
    with remembering_black():
        script = transpile_file(path)
    other = script.replace(
        "time.sleep(1)", "begun = time.monotonic()\n    time.sleep(begun + 1 - begun)"
    )
    assert other != script
    assert verified(path, other).difference is None
    helper = 'def do_a(state: State) -> None:\n    work(state, "a")\n\n\ndef job('
    other = script.replace("def job(", helper).replace(
        f"    {A}\n\n", "    do_a(state)\n"
    )
    assert "    do_a(state)" in other
    assert verified(path, other).difference is None


def test_what_an_edit_does_as_a_module_is_not_done(folder: Path) -> None:
    path = folder / "workflow.py"
    path.write_text(f'{HEADER}work("a")\n', encoding="utf-8")
    victim = folder / "precious.txt"
    victim.write_text("here", encoding="utf-8")
    with remembering_black():
        script = transpile_file(path)
    edit = f'import os\n\nos.remove("{victim}")\n\n\ndef job('
    difference = verified(path, script.replace("def job(", edit)).difference
    assert difference is not None
    assert "at its top: os.remove(" in "\n".join(told(difference))
    partial = 'work_b = partial(work, what="b")\n\n\ndef job('
    default = f"from functools import partial\n\n{partial}"
    assert verified(path, script.replace("def job(", default)).difference is None
    other = script.replace(A, "work_b(state)").replace("def job(", default)
    assert verified(path, other).difference is not None
    popen = f'subprocess.Popen(["rm", "{victim}"]).wait(); {A}'
    other = script.replace(A, popen).replace(
        "def job(", "import subprocess\n\n\ndef job("
    )
    assert verified(path, other).difference is not None
    assert victim.read_text(encoding="utf-8") == "here"
