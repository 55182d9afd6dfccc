"""The script of examples/static from outside: options, exit statuses, interrupts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generated import provision_database as script

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "generated/provision_database.py"
PARALLEL = "create_database"


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
    # In one piece: branches write at the same time.
    print("{name}\\n", end="", flush=True)
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
    command = with_step(name, "time.sleep(2 if arguments else 60)")
    with subprocess.Popen(
        [sys.executable, "-S", *command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # As from a terminal, whatever this process was told to do with it.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == f"{name}\n"
            time.sleep(0.5)
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=30)
        finally:
            process.kill()
    assert process.returncode == 130
    assert errors.endswith("ERROR interrupted\n")
    assert "Traceback" not in errors
