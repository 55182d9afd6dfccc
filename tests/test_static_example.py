"""examples/static: the script does what the workflow says, whatever goes wrong."""

from __future__ import annotations

import dataclasses
import logging
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
