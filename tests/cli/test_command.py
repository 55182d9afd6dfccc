"""The installed command: what only a process of its own can show."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from flows import WORKFLOW, Write

HEAVY = ("black", "libcst", "jinja2", "transpiler.flow", "transpiler.pipeline")


def flowc(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "transpiler", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom transpiler.cli import main\n"
        "sys.argv = ['flowc', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])\n"
    )
    for arguments in (["--help"], ["build", "--help"]):
        command = [sys.executable, "-c", code, *arguments]
        shown = subprocess.run(command, capture_output=True, text=True, check=True)
        assert "Usage: flowc" in shown.stdout
        assert shown.stdout.splitlines()[-1] == "[]"


def test_version() -> None:
    assert flowc("--version").stdout.startswith("flowc 0.")


@pytest.mark.parametrize("arguments", [["build", "--no-such"], ["nonsense"], ["run"]])
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    result = flowc(*arguments)
    assert result.returncode == 2
    assert "Error: " in result.stderr


def test_build_check_and_the_script_itself(write: Write, project: Path) -> None:
    write("flows/a.py", WORKFLOW)
    result = flowc("build")
    assert result.returncode == 0, result.stderr
    assert flowc("check").returncode == 0
    script = project / "generated/provision.py"
    plan = subprocess.run([script, "--plan"], capture_output=True, text=True)
    assert plan.returncode == 0
    assert plan.stdout.startswith("Provision it.")
    package = [sys.executable, "-m", "generated.provision", "--plan"]
    assert subprocess.run(package, capture_output=True).returncode == 0
    before = script.read_bytes()
    script.unlink()
    assert flowc("check").returncode == 1
    assert flowc("build").returncode == 0
    assert script.read_bytes() == before


def test_run_prints_what_the_steps_print(write: Write) -> None:
    write("flows/a.py", WORKFLOW)
    result = flowc("run", "flows/a.py")
    assert result.returncode == 0, result.stderr
    assert result.stdout == "hello\n"


def test_ctrl_c_leaves_the_old_script(write: Write, project: Path) -> None:
    old = write("generated/provision.py", "# old\n")
    waiting = "import sys, time\nprint('ready', flush=True)\ntime.sleep(60)\n"
    write("flows/a.py", waiting + WORKFLOW)
    command = [sys.executable, "-m", "transpiler", "build", "--force"]
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        # A shell's background jobs, and what they start, ignore interrupts.
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "ready\n"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
        assert process.stderr.read() == "interrupted\n"
    assert old.read_text(encoding="utf-8") == "# old\n"
    assert os.listdir(project / "generated") == ["provision.py"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_no_mistake_of_ours(
    write: Write, project: Path, unbuffered: str
) -> None:
    write("flows/a.py", WORKFLOW)
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "transpiler", "check"],
            cwd=project,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )
    assert done.returncode == 2
    assert "flowc: no room for what it says: No space left on device" in done.stderr
    assert "internal error" not in done.stderr
