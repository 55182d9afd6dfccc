"""examples/static: the script does what the workflow says, whatever goes wrong."""

from __future__ import annotations

import dataclasses
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from examples.static import workflow
from generated import provision_database as script
from transpiler import flow, transpile
from transpiler.interpret import Interpreter, World
from transpiler.outputs import stamp

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "generated/provision_database.py"

STEPS = [
    "create_database_instance",
    "configure_networking",
    "create_database",
    "create_user",
    "grant",
    "set_binlog_retention",
    "validate_configuration",
]
PARALLEL = "create_database"

Call = tuple[str, ...]

INSTANCE = ("create_database_instance",)
NETWORK = ("configure_networking", "10.0.0.0/16")
APP, ANALYTICS, CACHE = ((PARALLEL, x) for x in ("app", "analytics", "cache"))
USERS = [
    call
    for user in ("app_user", "analytics_user", "readonly_user")
    for call in (("create_user", user), ("grant", user, f"ALL ON {user}_db"))
]
REPLICATOR = ("create_user", "replicator")
RETENTION = ("set_binlog_retention", "72")
REPLICATION = [REPLICATOR, RETENTION, ("grant", "replicator", "REPLICATION SLAVE")]
ADMIN = ("create_user", "admin")
PRIVILEGES = ("grant", "admin", "ALL PRIVILEGES")
MONITOR = ("create_user", "monitor")
PROCESS = ("grant", "monitor", "PROCESS")
VALIDATION = ("validate_configuration",)

BEFORE_USERS = [INSTANCE, NETWORK, ANALYTICS, APP, CACHE]
BEFORE_ADMIN = [*BEFORE_USERS, *USERS, *REPLICATION]
ALL_IS_WELL = [*BEFORE_ADMIN, ADMIN, PRIVILEGES, MONITOR, PROCESS, VALIDATION]


@dataclass
class Outcome:
    """All that can be seen of a run."""

    calls: list[Call] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)
    warnings: int = 0
    error: str | None = None
    state: dict[str, Any] = field(default_factory=dict)


@dataclass
class Faults:
    """Steps that fail: how often each call does so, and with what."""

    times: dict[Call, int]
    error: type[BaseException] = RuntimeError

    def injected(
        self, name: str, fn: Callable[..., None], outcome: Outcome
    ) -> Callable[..., None]:
        """Return a step's function that notes its calls, and fails when it is told.

        The branches wait for each other, so that it is known which of them run.
        """
        left = Counter(self.times)
        together = threading.Barrier(3, timeout=10)

        def run(spec: workflow.DatabaseSpec, *arguments: Any) -> None:
            call = (name, *map(str, arguments))
            outcome.calls.append(call)
            if name == PARALLEL:
                together.wait()
            if left[call]:
                left[call] -= 1
                raise self.error(f"{name} failed")
            fn(spec, *arguments)

        return run


def interpreted(
    faults: Faults, spec: workflow.DatabaseSpec, patch: pytest.MonkeyPatch
) -> Outcome:
    """Run the workflow with the interpreter."""
    outcome = Outcome()
    for name in STEPS:
        fn = getattr(workflow, name).fn
        made: Any = flow.step(faults.injected(name, fn, outcome))
        patch.setattr(workflow, name, made)
    node = workflow.provision_database().node
    interpreter = Interpreter(World(sleep=outcome.slept.append))
    return observed(outcome, lambda: interpreter.step(node, spec), spec)


def scripted(
    faults: Faults, spec: script.DatabaseSpec, patch: pytest.MonkeyPatch
) -> Outcome:
    """Run the script's function."""
    outcome = Outcome()
    patch.setattr(time, "sleep", outcome.slept.append)
    for name in STEPS:
        fn = getattr(script, name)
        patch.setattr(script, name, faults.injected(name, fn, outcome))
    return observed(outcome, lambda: script.provision_database(spec), spec)


class Recorder(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a record."""
        self.records.append(record)


def observed(outcome: Outcome, run: Callable[[], None], spec: Any) -> Outcome:
    """Run it, and keep what can be seen of it, the branches in any order."""
    handler = Recorder(logging.WARNING)
    logging.getLogger().addHandler(handler)
    try:
        run()
    except BaseException as error:
        outcome.error = repr(error)
    finally:
        logging.getLogger().removeHandler(handler)
    branches = [i for i, call in enumerate(outcome.calls) if call[0] == PARALLEL]
    if branches:
        first, last = branches[0], branches[-1] + 1
        outcome.calls[first:last] = sorted(outcome.calls[first:last])
    outcome.warnings = len(handler.records)
    outcome.state = dataclasses.asdict(spec)
    outcome.state["databases"].sort()
    return outcome


def both(
    faults: Faults, monkeypatch: pytest.MonkeyPatch, *, replica: bool = True
) -> Outcome:
    """Run the workflow both ways; what is seen of them must be the same."""
    outcomes = []
    with monkeypatch.context() as patch:
        outcomes.append(
            interpreted(faults, workflow.DatabaseSpec(replica=replica), patch)
        )
    with monkeypatch.context() as patch:
        outcomes.append(scripted(faults, script.DatabaseSpec(replica=replica), patch))
    assert outcomes[0] == outcomes[1]
    return outcomes[1]


def test_the_script_is_what_the_workflow_says() -> None:
    assert SCRIPT.read_text(encoding="utf-8") == stamp(
        transpile(workflow.provision_database)
    )


def test_without_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = both(Faults({}), monkeypatch)
    assert outcome.calls == ALL_IS_WELL
    assert (outcome.error, outcome.slept, outcome.warnings) == (None, [], 0)
    assert outcome.state["users"] == [
        *workflow.STANDARD_USERS,
        "replicator",
        "admin",
        "monitor",
    ]
    assert outcome.state["databases"] == ["analytics", "app", "cache"]
    assert outcome.state["networks"] == ["10.0.0.0/16"]
    assert outcome.state["binlog_retention_hours"] == 72
    assert outcome.state["grants"]["app_user"] == ["ALL ON app_user_db"]


def test_a_primary_has_no_replication(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = both(Faults({}), monkeypatch, replica=False)
    assert outcome.calls == [c for c in ALL_IS_WELL if c not in REPLICATION]
    assert outcome.error is None


@pytest.mark.parametrize("error", [RuntimeError, SystemExit, KeyboardInterrupt])
@pytest.mark.parametrize(
    ("stage", "fault", "calls"),
    [
        (1, INSTANCE, [INSTANCE]),
        (2, NETWORK, [INSTANCE, NETWORK]),
        # The branches run to their end.
        (3, APP, BEFORE_USERS),
        (3, ANALYTICS, BEFORE_USERS),
        (3, CACHE, BEFORE_USERS),
        (4, USERS[0], [*BEFORE_USERS, USERS[0]]),
        (4, USERS[3], [*BEFORE_USERS, *USERS[:4]]),
        (5, RETENTION, [*BEFORE_USERS, *USERS, REPLICATOR, RETENTION]),
        (8, VALIDATION, ALL_IS_WELL),
    ],
)
def test_a_fault_ends_the_run(
    stage: int,
    fault: Call,
    calls: list[Call],
    error: type[BaseException],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcome = both(Faults({fault: 1}, error), monkeypatch)
    assert outcome.error == f"{error.__name__}('{fault[0]} failed')"
    assert outcome.calls == calls
    assert (outcome.slept, outcome.warnings) == ([], 0)


@pytest.mark.parametrize(
    ("fault", "times", "again", "slept"),
    [
        (ADMIN, 1, [ADMIN, ADMIN, PRIVILEGES], [0.1]),
        (ADMIN, 2, [ADMIN, ADMIN, ADMIN, PRIVILEGES], [0.1, 0.2]),
        (PRIVILEGES, 1, [ADMIN, PRIVILEGES] * 2, [0.1]),
        (PRIVILEGES, 2, [ADMIN, PRIVILEGES] * 3, [0.1, 0.2]),
    ],
)
def test_the_admin_is_tried_again(
    fault: Call,
    times: int,
    again: list[Call],
    slept: list[float],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    outcome = both(Faults({fault: times}), monkeypatch)
    assert outcome.calls == [*BEFORE_ADMIN, *again, MONITOR, PROCESS, VALIDATION]
    assert outcome.slept == pytest.approx(slept)
    assert (outcome.error, outcome.warnings) == (None, times)


def test_the_admin_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = both(Faults({PRIVILEGES: 9}), monkeypatch)
    assert outcome.error == "RuntimeError('grant failed')"
    assert outcome.calls == [*BEFORE_ADMIN, *[ADMIN, PRIVILEGES] * 3]
    assert outcome.slept == pytest.approx([0.1, 0.2])


@pytest.mark.parametrize("fault", [MONITOR, PROCESS])
def test_monitoring_is_best_effort(
    fault: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = both(Faults({fault: 1}), monkeypatch)
    assert outcome.calls == [c for c in ALL_IS_WELL if (fault, c) != (MONITOR, PROCESS)]
    assert (outcome.error, outcome.warnings) == (None, 1)


@pytest.mark.parametrize("fault", [ADMIN, MONITOR])
@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_an_exit_is_neither_retried_nor_ignored(
    fault: Call, error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = both(Faults({fault: 1}, error), monkeypatch)
    assert outcome.error == f"{error.__name__}('create_user failed')"
    assert outcome.calls == ALL_IS_WELL[: ALL_IS_WELL.index(fault) + 1]
    assert (outcome.slept, outcome.warnings) == ([], 0)


def test_validation_finds_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def forget(spec: Any, name: str) -> None:
        assert name in ("app", "analytics", "cache")

    for module, made in ((workflow, flow.step(forget)), (script, forget)):
        monkeypatch.setattr(module, PARALLEL, made)
    message = r"databases are missing: \['analytics', 'app', 'cache'\]"
    with pytest.raises(RuntimeError, match=message):
        workflow.provision_database.run(workflow.DatabaseSpec())
    with pytest.raises(RuntimeError, match=message):
        script.provision_database(script.DatabaseSpec())


# The script as a command


def run(
    *arguments: str, command: tuple[str, ...] = (str(SCRIPT),), cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run the script with a Python that finds no installed package, and no flowc."""
    return subprocess.run(
        [sys.executable, "-S", *command, *arguments],
        cwd=cwd,
        env={"PATH": os.environ["PATH"]},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    "command",
    [
        (str(SCRIPT),),
        ("-m", "generated.provision_database"),
        (
            "-c",
            "from generated.provision_database import *\n"
            "provision_database(DatabaseSpec()); print('imported')",
        ),
    ],
    ids=["file", "module", "import"],
)
def test_the_script_stands_alone(command: tuple[str, ...]) -> None:
    finished = run(command=command)
    assert finished.returncode == 0, finished.stderr
    if "-c" in command:
        assert finished.stdout == "imported\n"
    else:
        assert "INFO create instance orders" in finished.stderr
        assert finished.stdout == ""


def test_the_script_can_be_run_by_name() -> None:
    assert os.access(SCRIPT, os.X_OK)
    text = SCRIPT.read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env python3\n")
    assert "transpiler" not in text


def test_options_set_the_state(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"name": "billing", "replica": True}))
    assert "create instance billing" in run("--state", str(state)).stderr
    # An option counts more than the file.
    finished = run("--state", "state.json", "--name", "audit", cwd=tmp_path)
    assert (finished.returncode, finished.stdout) == (0, "")
    assert "create instance audit" in finished.stderr


@pytest.mark.parametrize(
    ("arguments", "replica"),
    [((), False), (("--replica",), True), (("--no-replica",), False)],
)
def test_a_flag_can_be_set_and_unset(
    arguments: tuple[str, ...], replica: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[script.DatabaseSpec] = []
    monkeypatch.setattr(script, "provision_database", seen.append)
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), *arguments])
    assert script.main() == 0
    assert seen == [script.DatabaseSpec(replica=replica)]


def test_the_plan_is_printed_and_nothing_runs() -> None:
    finished = run("--plan")
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout == f"{script.__doc__}\n"
    assert '  2. configure_networking("10.0.0.0/16")\n' in finished.stdout
    assert "  8. validate_configuration()\n" in finished.stdout


def test_help_tells_the_options() -> None:
    finished = run("--help")
    assert finished.returncode == 0
    for option in ("--plan", "--state", "--name", "--replica", "--no-replica"):
        assert option in finished.stdout
    assert "--databases" not in finished.stdout


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "No such file or directory"),
        (b"{", "Expecting property name"),
        (b"\xff", "can't decode"),
        (b"[1]", "'list' object is not a mapping"),
        (b'{"size": 3}', "unexpected keyword argument 'size'"),
        (b'{"databases": []}', "unexpected keyword argument 'databases'"),
    ],
)
def test_a_bad_state_file_is_a_usage_error(
    content: bytes | None, message: str, tmp_path: Path
) -> None:
    state = tmp_path / "state.json"
    if content is not None:
        state.write_bytes(content)
    finished = run("--state", str(state))
    assert finished.returncode == 2
    usage, *_, error = finished.stderr.splitlines()
    assert usage.startswith("usage: provision_database.py")
    assert error.startswith(f"provision_database.py: error: {state}: ")
    assert message in error
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize(
    "arguments", [("--nonsense",), ("surplus",), ("--name",), ("--databases", "app")]
)
def test_wrong_usage_exits_2(arguments: tuple[str, ...]) -> None:
    finished = run(*arguments)
    assert finished.returncode == 2
    assert "provision_database.py: error: " in finished.stderr
    assert "create instance" not in finished.stderr


HARNESS = """
import sys, time
import generated.provision_database as script

def {name}(spec, *arguments):
    print("{name}", flush=True)
    {body}

script.{name} = {name}
sys.exit(script.main())
"""


def with_step(name: str, body: str) -> tuple[str, ...]:
    """Return a command that runs the script with another body of one step."""
    return ("-c", HARNESS.format(name=name, body=body))


def test_a_failure_exits_1_and_shows_the_error_with_its_notes() -> None:
    body = "e = OSError('no quota'); e.add_note('in the cloud'); raise e"
    finished = run(command=with_step("configure_networking", body))
    assert finished.returncode == 1
    assert "ERROR provision_database failed\nTraceback" in finished.stderr
    assert finished.stderr.endswith("OSError: no quota\nin the cloud\n")


def test_attempts_and_best_efforts_are_logged() -> None:
    body = "if arguments[0] == 'admin': raise OSError('flaky')"
    finished = run(command=with_step("grant", body))
    assert finished.returncode == 1
    assert "WARNING attempt 1 of 3: flaky; again in 0.1 s" in finished.stderr
    assert "WARNING attempt 2 of 3: flaky; again in 0.2 s" in finished.stderr
    assert "attempt 3" not in finished.stderr
    body = "if arguments[0] == 'monitor': raise OSError('no agent')"
    finished = run(command=with_step("grant", body))
    assert finished.returncode == 0
    assert "WARNING best effort failed, going on\nTraceback" in finished.stderr


@pytest.mark.parametrize("name", ["create_database_instance", PARALLEL, "create_user"])
@pytest.mark.parametrize("status", [0, 7])
def test_an_exit_of_a_step_keeps_its_status(name: str, status: int) -> None:
    finished = run(command=with_step(name, f"sys.exit({status})"))
    assert finished.returncode == status
    assert "Traceback" not in finished.stderr


@pytest.mark.parametrize("name", ["create_database_instance", PARALLEL, "create_user"])
def test_an_interrupt_exits_130(name: str) -> None:
    command = with_step(name, "time.sleep(1 if arguments else 60)")
    process = subprocess.Popen(
        [sys.executable, "-S", *command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As from a terminal, whatever this process was told to do with it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == f"{name}\n"
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 130
    assert errors.endswith("ERROR interrupted\n")
    assert "Traceback" not in errors
