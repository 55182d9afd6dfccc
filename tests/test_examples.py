"""examples/: each script does what its workflow is for, and says what went wrong.

They run on their own (`python -I`, nothing installed), with success and with failures;
tests/test_faults.py compares them with their workflows.
"""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest

from examples.config_driven import workflow as config_driven
from examples.data_pipeline import workflow as data_pipeline
from support.bare import BarePython
from support.cases import ROOT

GENERATED = ROOT / "generated"

Run = subprocess.CompletedProcess[str]


def run(bare_python: BarePython, name: str, *arguments: str) -> Run:
    """Run a script, which is done in no time."""
    begin = time.monotonic()
    done = bare_python.run(str(GENERATED / f"{name}.py"), *arguments)
    # A second is much for what takes a tenth of it, even on a busy machine.
    assert time.monotonic() - begin < 5
    return done


def logged(done: Run) -> list[str]:
    """Return what was logged, without the time."""
    lines = done.stderr.splitlines()
    return [line.split(" ", 2)[2] for line in lines if re.match(r"\d{4}-", line)]


def notes(done: Run) -> list[str]:
    """Return the notes of the errors that were shown, without their frames."""
    lines = (line.strip(" |") for line in done.stderr.splitlines())
    return [line for line in lines if re.match(r"in (?!.*, line)|element \d", line)]


def test_services_are_provisioned(bare_python: BarePython) -> None:
    done = run(bare_python, "provision_services")
    assert done.returncode == 0, done.stderr
    assert [line for line in logged(done) if ": " in line] == [
        f"INFO {statement}"
        for statement in (
            "cache: SET memory = 512",
            "main: CREATE DATABASE IF NOT EXISTS invoices",
            "main: CREATE DATABASE IF NOT EXISTS shop",
            "main: CREATE USER IF NOT EXISTS billing",
            "main: CREATE USER IF NOT EXISTS orders",
            "main: GRANT ALL ON invoices TO billing",
            "main: GRANT ALL ON shop TO orders",
            "warehouse: CREATE DATABASE IF NOT EXISTS sales",
            "warehouse: CREATE USER IF NOT EXISTS reports",
            "warehouse: GRANT ALL ON sales TO reports",
            "warehouse: GRANT SELECT ON sales TO billing",
        )
    ]


def test_an_instance_that_does_not_answer(bare_python: BarePython) -> None:
    """The others are provisioned all the same; the error says which it was."""
    done = run(bare_python, "provision_services", "--unreachable", "warehouse")
    assert done.returncode == 1
    assert "ExceptionGroup: steps failed (1 sub-exception)" in done.stderr
    assert "TimeoutError: warehouse.eu does not answer" in done.stderr
    assert notes(done) == ["in provision warehouse"]
    assert {"INFO connected to main.eu", "INFO disconnected from cache.eu"} <= {
        *logged(done)
    }


def test_steps_of_the_configuration_are_tried_again(bare_python: BarePython) -> None:
    """Two failures, whichever steps they hit, are forgiven; too many are not."""
    done = run(bare_python, "provision_services", "--region", "us", "--hiccups", "2")
    assert done.returncode == 0, done.stderr
    attempts = [line for line in logged(done) if "attempt" in line]
    assert attempts
    assert all(re.search(r"attempt [12] of 3: \w+ went away", x) for x in attempts)
    done = run(bare_python, "provision_services", "--hiccups", "99")
    assert done.returncode == 1
    assert "ExceptionGroup: steps failed (3 sub-exceptions)" in done.stderr
    assert {"in memory of orders", "in provision cache"} <= {*notes(done)}


def test_the_configuration_is_grouped_by_instance() -> None:
    platform = config_driven.Platform(region="us")
    config_driven.provision_services.run(platform)
    mine = [x for x in platform.statements if x.startswith("warehouse: ")]
    assert len(platform.statements) == 11
    assert len(mine) == 4


def test_orders_are_imported(bare_python: BarePython) -> None:
    done = run(bare_python, "import_orders", "--by-phone", "5;cup;1;7", "--page-size=3")
    assert done.returncode == 0, done.stderr
    assert logged(done) == [
        "INFO #1 pen: 12.00, #2 ink: 8.00, #3 paper: 22.50",
        "INFO #4 ruler: 4.20, #5 cup: 7.00",
    ]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("five;cup;1;7", "ValueError: invalid literal for int()"),
        ("5;cup", "ValueError: not enough values to unpack"),
    ],
)
def test_an_order_that_cant_be_read(
    bare_python: BarePython, line: str, error: str
) -> None:
    """The error says which element it was, and nothing has been sent."""
    done = run(bare_python, "import_orders", "--by-phone", "6;fan;1;9", line)
    assert done.returncode == 1
    assert error in done.stderr
    assert notes(done) == ["element 5"]
    assert logged(done) == ["ERROR import_orders failed"]


def test_a_page_that_cant_be_read() -> None:
    job = data_pipeline.Import(page_size=0)
    data_pipeline.import_orders.run(job)
    assert (job.sent, job.queue) == ([], [])
    broken = data_pipeline.Import()
    broken.cursor = None  # type: ignore[assignment]  # what no step would do
    with pytest.raises(TypeError) as caught:
        data_pipeline.import_orders.run(broken)
    assert caught.value.__notes__ == ["element 0"]


def test_a_release_is_rolled_out(bare_python: BarePython) -> None:
    done = run(bare_python, "roll_out", "--version", "2.0", "--region", "us")
    assert done.returncode == 0, done.stderr
    lines = logged(done)
    assert lines[:4] == [
        "INFO lock us",
        "INFO 1 drain canary",
        "INFO 2 install 2.0 on canary",
        "INFO 3 enable canary",
    ]
    assert lines[-1] == "INFO unlock us"
    assert sorted(line.partition(" us-")[2] for line in lines[4:-1]) == sorted(
        [*"123"] * 3
    )


def test_a_release_that_does_not_install_is_rolled_back(
    bare_python: BarePython, tmp_path: Path
) -> None:
    """The fleet fails where the canary did not; servers are enabled all the same."""
    done = broken_roll_out(bare_python, tmp_path, "eu-2", "ConnectionError")
    assert done.returncode == 0, done.stderr
    attempts = [line for line in logged(done) if "attempt" in line]
    assert attempts == [
        f"WARNING attempt {n} of 3: no route to eu-2; again in 2 s" for n in (1, 2)
    ]
    events = [re.sub(r"\d+ ", "", line) for line in logged(done)]
    assert "INFO enable eu-2" in events
    assert events[-2:] == ["INFO roll back", "INFO unlock eu"]


def test_a_canary_that_fails_stops_the_rollout(
    bare_python: BarePython, tmp_path: Path
) -> None:
    done = broken_roll_out(bare_python, tmp_path, "canary", "ValueError")
    assert done.returncode == 1
    assert "ValueError: no route to canary" in done.stderr
    assert notes(done) == ["in server canary"]
    assert logged(done) == ["INFO lock eu", "INFO unlock eu", "ERROR roll_out failed"]


def test_a_release_needs_a_version(bare_python: BarePython) -> None:
    done = run(bare_python, "roll_out")
    assert done.returncode == 2
    assert "version" in done.stderr.splitlines()[-1]


def broken_roll_out(
    bare_python: BarePython, folder: Path, server: str, error: str
) -> Run:
    """Roll out where a server can't be reached; sleeping takes no time."""
    driver = folder / "driver.py"
    driver.write_text(f"""
import runpy, sys, time

names = runpy.run_path({str(GENERATED / "roll_out.py")!r})
script = names["main"].__globals__
install = script["install"]
script["time"].sleep = lambda seconds: None

def broken(fleet, server):
    if server == {server!r}:
        raise {error}("no route to " + server)
    install(fleet, server)

script["install"] = broken
sys.argv[1:] = ["--version", "2.0"]
sys.exit(script["main"]())
""")
    return bare_python.run(str(driver))
