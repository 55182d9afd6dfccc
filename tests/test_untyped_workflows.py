"""Workflows that no type checker would pass, and which work all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from transpiler import transpile_file

HELPERS = """
from transpiler import flow

SIZE = 3


class Kind:
    BIG = "big"


def double(number):
    return number * 2


@flow.step
def report(state, text):
    print("report", text)
"""

WORKFLOW = """
import os.path
from dataclasses import dataclass

import helpers
import helpers as h
from transpiler import flow


@dataclass
class State:
    size: int = 1


def twice(helpers):
    return f"{helpers} and {helpers}"


def later(text):
    def run(state: State) -> None:
        h.report.fn(state, text + helpers.Kind.BIG)
        print(os.path.join("a", "b"))

    return run


@flow.workflow
def measure() -> flow.Step[State]:
    return flow.do(
        helpers.report(helpers.SIZE + h.SIZE),
        helpers.report(f"{h.Kind.BIG} {helpers.double(h.SIZE)}"),
        lambda state: h.report.fn(state, os.path.join("c", helpers.Kind.BIG)),
        flow.in_serial(
            flow.for_each(
                lambda state: [helpers.double(state.size)],
                lambda helpers: flow.do(
                    h.report(helpers.real + h.double(helpers)),
                    later(twice(helpers)),
                ),
            )
        ),
    )
"""

SAID = """\
report 6
report big 6
report c/big
report 6
report 2 and 2big
a/b
"""


def test_names_of_other_modules(tmp_path: Path) -> None:
    """They become the script's own, in arguments, lambdas and closures alike."""
    (tmp_path / "pyproject.toml").write_text("", encoding="utf-8")
    (tmp_path / "helpers.py").write_text(HELPERS, encoding="utf-8")
    workflow = tmp_path / "workflow.py"
    workflow.write_text(WORKFLOW, encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(transpile_file(workflow), encoding="utf-8")
    assert said("-I", str(script)) == SAID
    assert said("-m", "transpiler", "run", str(workflow)) == SAID
    text = script.read_text(encoding="utf-8")
    assert "helpers.SIZE" not in text
    assert "report(state, SIZE + SIZE)" in text


SUBCLASS = """
from dataclasses import dataclass

from transpiler import flow


@dataclass
class Lamp:
    color: str = "white"


@dataclass
class Dimmer(Lamp):
    percent: int = 100


@flow.step
def switch_on(lamp: Lamp) -> None:
    print(lamp.color, "on")


@flow.step
def dim(dimmer: Dimmer) -> None:
    print(dimmer.percent)


mood = flow.do(switch_on, dim)
"""


def test_a_state_is_of_the_subclass(tmp_path: Path) -> None:
    """Whichever step comes first: one takes a Lamp, the other one a Dimmer."""
    workflow = tmp_path / "workflow.py"
    workflow.write_text(SUBCLASS, encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(transpile_file(workflow), encoding="utf-8")
    assert said("-I", str(script), "--percent", "40") == "white on\n40\n"
    command = ("-m", "transpiler", "run", str(workflow), "--set", "percent=40")
    assert said(*command) == "white on\n40\n"


DECORATED = """
import functools
from contextlib import contextmanager
from dataclasses import dataclass

from transpiler import flow


@dataclass
class State:
    name: str = "x"


def twice(run):
    @functools.wraps(run)
    def run_twice(*args, **keywords):
        run(*args, **keywords)
        run(*args, **keywords)

    return run_twice


def stamp(text):
    @twice
    def run(state: State, ink="red"):
        print(text, ink)

    return run


def opened(room):
    @flow.extract
    @contextmanager
    def run(state: State):
        print("open", room)
        yield state
        print("close", room)

    return run()


def shelve(state: State):
    print("shelve")


shelve_twice = twice(shelve)


@flow.workflow
def archive():
    return flow.do(
        stamp("returned"),
        functools.partial(stamp("paid"), ink="blue"),
        flow.using(opened("cellar"), flow.do(shelve, shelve_twice)),
        flow.in_serial(flow.for_each(["a", "b"], lambda name: stamp(name))),
    )
"""


def test_decorators_of_closures_come_along(tmp_path: Path) -> None:
    """They decorate what the closure becomes; the interpreter has them, too."""
    workflow = tmp_path / "workflow.py"
    workflow.write_text(DECORATED, encoding="utf-8")
    script = tmp_path / "script.py"
    script.write_text(transpile_file(workflow), encoding="utf-8")
    expected = [
        *["returned red"] * 2,
        *["paid blue"] * 2,
        *["open cellar", "shelve", "shelve", "shelve", "close cellar"],
        *["a red", "a red", "b red", "b red"],
    ]
    assert said("-I", str(script)).splitlines() == expected
    interpreted = said("-m", "transpiler", "run", str(workflow))
    assert interpreted.splitlines() == expected


def said(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, check=True
    )
    return done.stdout
