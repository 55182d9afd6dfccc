"""`--state FILE.json` of a script makes the state that `flowc run --state` makes."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from transpiler import transpile_file

WORKFLOW = """
from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, NewType
from uuid import UUID

from transpiler import flow

if TYPE_CHECKING:
    from fractions import Fraction

Port = NewType("Port", int)


class Mode(enum.Enum):
    FULL = "full"
    DELTA = "delta"


class Window(NamedTuple):
    begin: int
    end: int


@dataclass
class Limits:
    cpu: float
    grace: timedelta = timedelta(minutes=5)


@dataclass
class Disk:
    name: str
    size: int = 10


@dataclass
class Node:
    name: str
    mode: Mode = Mode.FULL
    children: list[Node] = field(default_factory=list)


@dataclass
class Host:
    name: str
    port: Port = Port(22)
    mode: Mode = Mode.FULL
    since: date | None = None
    seen: datetime | None = None
    grace: timedelta = timedelta(0)
    price: Decimal = Decimal("0")
    key: UUID | None = None
    root: Path = Path("/")
    zones: tuple[str, ...] = ()
    tags: set[str] = field(default_factory=set)
    window: Window | None = None
    limits: Limits = field(default_factory=lambda: Limits(1.0))
    disks: list[Disk] = field(default_factory=list)
    holidays: dict[str, date | None] = field(default_factory=dict)
    owner: str | int = ""
    labels: dict[str, str] = field(default_factory=dict)
    tree: Node | None = None
    # The types of the others are known all the same.
    share: Fraction | None = None
    done: bool = field(init=False, default=False)


@flow.step
def show(host: Host) -> None:
    print(host)


host_up = flow.do(show)
"""

FULL = {
    "name": "a",
    "port": 2222,
    "mode": "delta",
    "since": "2026-01-31",
    "seen": "2026-01-31T10:00:00+00:00",
    "grace": 90,
    "price": "9.90",
    "key": "12345678-1234-5678-1234-567812345678",
    "root": "/srv",
    "zones": ["a", "b"],
    "tags": ["one"],
    "window": {"begin": 1, "end": 2},
    "limits": {"cpu": 2, "grace": 30},
    "disks": [{"name": "sda"}, {"name": "sdb", "size": 3}],
    "holidays": {"easter": "2026-04-05", "none": None},
    "owner": 7,
    "labels": {"team": "db"},
    "tree": {"name": "x", "children": [{"name": "y", "mode": "delta"}]},
}

MISTAKES: list[Any] = [
    [],
    "name",
    {},
    {"name": "a", "nane": "b"},
    {"name": "a", "done": True},
    {"name": "a", "mode": "half"},
    {"name": "a", "since": "yesterday"},
    {"name": "a", "since": 3},
    {"name": "a", "grace": "long"},
    {"name": "a", "price": "cheap"},
    {"name": "a", "key": 7},
    {"name": "a", "limits": {"gpu": 1}},
    {"name": "a", "limits": [1]},
    {"name": "a", "disks": {"name": "sda"}},
    {"name": "a", "holidays": ["easter"]},
    {"name": "a", "tree": {"name": "x", "children": [{"size": 1}]}},
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("state_file")
    workflow = made / "workflow.py"
    workflow.write_text(WORKFLOW, encoding="utf-8")
    script = made / "script.py"
    script.write_text(transpile_file(workflow), encoding="utf-8")
    yield made


def run(folder: Path, document: Any, *command: str) -> subprocess.CompletedProcess[str]:
    file = folder / "state.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return subprocess.run(
        [sys.executable, *command, "--state", str(file)],
        capture_output=True,
        text=True,
        cwd=folder,
    )


@pytest.mark.parametrize("document", [FULL, {"name": "a", "since": None}])
def test_a_file_gives_the_same_state(folder: Path, document: Any) -> None:
    script = run(folder, document, "-I", "script.py")
    interpreted = run(folder, document, "-m", "transpiler", "run", "workflow.py")
    assert script.stderr == interpreted.stderr == ""
    assert script.stdout == interpreted.stdout
    assert script.stdout.startswith("Host(name='a'")


@pytest.mark.parametrize("document", MISTAKES, ids=json.dumps)
def test_a_mistake_in_it_is_a_usage_error(folder: Path, document: Any) -> None:
    """Of the script's, and of the interpreter's."""
    script = run(folder, document, "-I", "script.py")
    assert (script.returncode, script.stdout) == (2, "")
    assert "error: " in script.stderr and "state.json: " in script.stderr
    assert "Traceback" not in script.stderr
    interpreted = run(folder, document, "-m", "transpiler", "run", "workflow.py")
    assert interpreted.returncode == 2


def test_options_have_the_types_of_their_fields(folder: Path) -> None:
    said = run(
        folder,
        FULL,
        *("-I", "script.py", "--mode", "full", "--since", "2026-02-01"),
        *("--port", "80"),
    )
    assert "mode=<Mode.FULL: 'full'>" in said.stdout
    assert "since=datetime.date(2026, 2, 1)" in said.stdout
    assert "port=80" in said.stdout
