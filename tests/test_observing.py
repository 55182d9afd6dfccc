"""Names, logs and traces: what a script shows is what the interpreter shows.

The golden cases compare names through the state. Here the logs and the trace files of
both worlds are compared, whatever goes wrong, and with real threads.
"""

from __future__ import annotations

import json
import logging
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from support.cases import ROOT, Case, example_cases, golden_cases
from support.faultplans import situations
from support.worlds import SCRIPT, Lab, Situation, opened
from transpiler import flow
from transpiler.diagnostics import TranspileError
from transpiler.ir import nodes as ir
from transpiler.ir.walk import nodes

NAMES = {"auto_named", "names", "traced", "traced_kinds", "migrate_tenants"}
CASES = [
    case
    for case in [*golden_cases(), *example_cases()]
    if case.name in NAMES or case.name.startswith("with_logging")
]
MOST = 60
"""So many situations of a case are compared; the golden tests compare all of them."""

START = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Traces are written to the working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextmanager
def logs(*names: str) -> Iterator[list[tuple[str, str]]]:
    """Gather what loggers say at any level."""
    found: list[tuple[str, str]] = []

    class Gather(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append((record.levelname, record.getMessage()))

    handler = Gather()
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setattr(logging.getLogger(name), "handlers", [handler])
            patch.setattr(logging.getLogger(name), "level", logging.DEBUG)
        logging.root.manager._clear_cache()  # type: ignore[attr-defined]
        yield found
    logging.root.manager._clear_cache()  # type: ignore[attr-defined]


def seen(lab: Lab, run: Any, folder: Path) -> tuple[Any, list[Any], dict[str, Any]]:
    """Run a workflow; return what came of it, the log, and the traces."""
    own = {v.name for v in vars(lab.script).values() if isinstance(v, logging.Logger)}
    with logs("transpiler.interpret", SCRIPT, *own) as found:
        outcome = run()
    said = [
        (level, re.sub(r"\d\.\d{3} s", "0 s", text))
        for level, text in found
        if re.search(": (started|failed|finished)", text)
    ]
    traces: dict[str, Any] = {}
    for path in sorted(folder.glob("*.jsonl")):
        traces[path.name] = [_part(line) for line in path.read_text().splitlines()]
        path.unlink()
    return outcome, said, traces


def _part(line: str) -> tuple[tuple[str, ...], float, tuple[str, str] | None]:
    part = json.loads(line)
    assert list(part) == ["names", "start", "duration", "error"]
    assert START.fullmatch(part["start"])
    error = part["error"]
    assert error is None or list(error) == ["type", "message"]
    return tuple(part["names"]), part["duration"], error and tuple(error.values())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_script_shows_what_the_workflow_shows(case: Case, elsewhere: Path) -> None:
    with opened(case.workflow, case.expected.read_text(encoding="utf-8")) as lab:
        several = [*situations(lab)]
        logged = traced = False
        for situation in several[:: -(-len(several) // MOST)]:
            expected = seen(lab, lambda s=situation: lab.interpret(s), elsewhere)
            found = seen(lab, lambda s=situation: lab.execute(s), elsewhere)
            assert found == expected, situation
            logged |= bool(found[1])
            traced |= bool(found[2])
        asked = {type(node) for node in nodes(lab.workflow.step)}
        assert (logged, traced) == (ir.Logged in asked, ir.Traced in asked)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_threads_have_the_names_around_them(case: Case, elsewhere: Path) -> None:
    """With real threads, everything is the same but the order and the durations."""
    with opened(case.workflow, case.expected.read_text(encoding="utf-8")) as lab:
        situation = Situation(threads=True)
        expected = seen(lab, lambda: lab.interpret(situation), elsewhere)
        found = seen(lab, lambda: lab.execute(situation), elsewhere)
    assert Counter(found[1]) == Counter(expected[1])
    assert {path: paths(parts) for path, parts in found[2].items()} == {
        path: paths(parts) for path, parts in expected[2].items()
    }
    assert journal(found[0]) == journal(expected[0])


def paths(parts: list[Any]) -> Counter[Any]:
    return Counter((names, error) for names, _, error in parts)


def journal(outcome: Any) -> list[str]:
    fields = dict(outcome.state[1])
    return sorted(fields["journal"][1])


def test_what_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    def fail(state: object) -> None:
        raise ConnectionError("refused")

    step = flow.named(
        "fleet",
        flow.do(
            flow.with_logging(flow.named("web", flow.sleep(0)), logging.DEBUG),
            flow.with_logging(fail),
        ),
    )
    with caplog.at_level(logging.DEBUG), pytest.raises(ConnectionError):
        step.run(None)
    said = [(r.levelname, r.getMessage()) for r in caplog.records]
    assert [(level, re.sub(r"\d\.\d{3}", "0.000", text)) for level, text in said] == [
        ("DEBUG", "fleet.web: started"),
        ("DEBUG", "fleet.web: finished in 0.000 s"),
        ("INFO", "fleet: started"),
        ("INFO", "fleet: failed after 0.000 s: ConnectionError('refused')"),
    ]


def test_a_log_inside_of_a_name_is_the_same_as_a_name_inside_of_a_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    said = []
    pause: flow.Step[None] = flow.sleep(0)
    for step in (
        flow.with_logging(flow.named("web", pause)),
        flow.named("web", flow.with_logging(pause)),
    ):
        caplog.clear()
        with caplog.at_level(logging.INFO):
            step.run(None)
        said.append([record.getMessage()[:14] for record in caplog.records])
    assert said == [["web: started", "web: finished "]] * 2


def test_names_are_those_around() -> None:
    found: list[tuple[str, ...]] = []

    @flow.step
    def ask(state: object) -> None:
        found.append(flow.names())

    @flow.step
    def fail(state: object) -> None:
        raise ValueError

    step = flow.do(
        ask,
        flow.named(
            "a",
            flow.do(
                flow.ignore_error(flow.named("b", fail)),
                flow.in_parallel(flow.named("c", ask), flow.named("d", ask), limit=1),
            ),
        ),
        ask,
    )
    assert flow.names() == ()
    step.run(None)
    assert found == [(), ("a", "c"), ("a", "d"), ()]
    assert flow.names() == ()


def test_auto_named_is_named_after_the_function_around() -> None:
    @flow.step
    def fail(state: object) -> None:
        raise ValueError

    def outer() -> flow.Step[object]:
        def inner() -> flow.Step[object]:
            return flow.do(*(flow.auto_named(fail) for _ in range(1)))

        return flow.auto_named(flow.do(*[flow.auto_named(inner()) for _ in range(1)]))

    class Steps:
        def method(self) -> flow.Step[object]:
            return flow.auto_named(outer())

    with pytest.raises(ValueError) as caught:
        Steps().method().run(None)
    assert caught.value.__notes__ == ["in inner", "in outer", "in outer", "in method"]


def test_auto_named_needs_a_function() -> None:
    with pytest.raises(TranspileError, match="FLOW109"):
        (lambda: flow.auto_named(flow.sleep(0)))()
    with pytest.raises(TranspileError, match="FLOW109"):
        exec("flow.auto_named(flow.sleep(0))", {"flow": flow})


def test_a_trace_begins_anew_in_each_run(elsewhere: Path) -> None:
    step: flow.Step[None] = flow.traced(
        flow.named("a", flow.sleep(0)), to=Path("trace.jsonl")
    )
    for _ in range(2):
        step.run(None)
        lines = (elsewhere / "trace.jsonl").read_text().splitlines()
        assert [json.loads(line)["names"] for line in lines] == [["a"]]


def test_a_trace_that_can_not_be_written_fails_before_the_step() -> None:
    ran: list[str] = []
    step: flow.Step[None] = flow.traced(
        lambda state: ran.append("ran"), to="no/such/folder.jsonl"
    )
    with pytest.raises(FileNotFoundError):
        step.run(None)
    assert ran == []


def test_scripts_that_show_nothing_keep_track_of_nothing() -> None:
    for case in golden_cases():
        source = case.workflow.read_text(encoding="utf-8")
        if not re.search(r"flow\.(names|with_logging|traced|remaining)\b", source):
            script = case.expected.read_text(encoding="utf-8")
            assert "contextvars" not in script, case


def test_the_example_is_traced_and_drawn(elsewhere: Path) -> None:
    script = ROOT / "generated" / "migrate_tenants.py"
    command = [sys.executable, str(script), "--tenants", "acme", "initech", "--pace"]
    ran = subprocess.run([*command, "0.1"], capture_output=True, text=True, check=True)
    assert "INFO maintenance.tenant initech.schema: started" in ran.stderr
    assert "WARNING best effort failed, going on" in ran.stderr
    shown = subprocess.run(
        [sys.executable, "-m", "transpiler", "trace", "migration.jsonl", "--error"],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
        check=True,
    )
    rows = [re.sub(r" +[\d.]+ m?s\b", "", row) for row in shown.stdout.splitlines()]
    assert rows == [
        "maintenance",
        "  tenant initech",
        "    index  RuntimeError: no space left for the index of initech",
    ]
    assert shown.stderr == "1 of 12 parts, 1 failed\n"
