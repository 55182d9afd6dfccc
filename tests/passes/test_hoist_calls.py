"""Which calls among the arguments stay in place, and which are made at the start."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from transpiler import transpile_file

HEAD = '''\
"""A workflow."""

from __future__ import annotations

import datetime
import enum
import ipaddress
import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, getcontext
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from transpiler import flow

MINUTES = 5
START = date(2024, 1, 1)
ZONES = ["b", "a"]
PORTS = (80, 443)
CHANGED = 1
PRICE = Decimal("0.1")


class Role(enum.Enum):
    ADMIN = "admin"


class Pair(NamedTuple):
    one: int
    two: int = 2


@dataclass(frozen=True)
class Disk:
    name: str
    size: int = 10


@dataclass(frozen=True)
class Checked:
    name: str

    def __post_init__(self) -> None:
        print(self.name)


@dataclass(frozen=True)
class Marked:
    name: str
    mark: float = field(default_factory=random.random)


@dataclass
class Box:
    items: list[Any] = field(default_factory=list)


def helper() -> int:
    return 3


def change() -> None:
    global CHANGED
    CHANGED += 1


@flow.step
def put(box: Box, item: Any) -> None:
    change()
    getcontext().prec = 3
    box.items.append(item)


def packing(size: int) -> flow.Step[Box]:
    return flow.do(%s)


@flow.workflow
def pack() -> flow.Step[Box]:
    return packing(7)
'''


def built(tmp_path: Path, body: str) -> str:
    """Return the workflow's function in the script."""
    path = tmp_path / "workflow.py"
    path.write_text(HEAD % body)
    script = transpile_file(path)
    found = re.search(r"def pack\(.*?:\n(.*?)\n\n\ndef main", script, re.DOTALL)
    assert found is not None, script
    return found[1]


@pytest.mark.parametrize(
    ("call", "written"),
    [
        ("timedelta(minutes=5)", ""),
        ("timedelta(minutes=MINUTES * 2)", ""),
        ("timedelta(minutes=size)", "timedelta(minutes=7)"),
        ("datetime.timedelta(hours=1)", ""),
        ("datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)", ""),
        ('Path("/srv") / f"disk-{size}"', 'Path("/srv") / "disk-7"'),
        ('float("inf")', ""),
        ("START + timedelta(days=1)", ""),
        ('date.fromisoformat("2024-02-29")', ""),
        ('Decimal("0.1")', ""),
        ("max(PORTS)", ""),
        ("frozenset(PORTS)", ""),
        ("tuple(sorted(PORTS))", ""),
        ('UUID("12345678123456781234567812345678")', ""),
        ('re.compile("a+")', ""),
        ('ipaddress.ip_network("10.0.0.0/8")', ""),
        ('Role("admin")', ""),
        ("Pair(1)", ""),
        ('Disk("logs")', ""),
    ],
)
def test_what_nobody_can_tell_stays_in_place(
    tmp_path: Path, call: str, written: str
) -> None:
    assert f"put(box, {written or call})" in built(tmp_path, f"put({call})")


@pytest.mark.parametrize(
    "call",
    [
        "uuid4()",
        "helper()",
        "date.today()",
        "timedelta(minutes=helper())",
        "Path.cwd()",
        # A step may change what these make, or what they read.
        "sorted(PORTS)",
        "list(PORTS)",
        "tuple(ZONES)",
        "abs(CHANGED)",
        # What is calculated depends on the context that a step may set.
        "Decimal(1) / 3",
        "sum([PRICE, 1])",
        # Something happens, or is another thing each time.
        'Checked("logs")',
        'Marked("logs")',
        "(n for n in PORTS)",
    ],
)
def test_what_could_be_told_is_evaluated_at_the_start(
    tmp_path: Path, call: str
) -> None:
    found = built(tmp_path, f"put({call})")
    assert re.search(rf"^    item = {re.escape(call)}$", found, re.MULTILINE)
    assert "put(box, item)" in found


@pytest.mark.parametrize(
    ("items", "first", "loop"),
    [
        ("range(100)", "", "range(100)"),
        ("range(size)", "", "range(7)"),
        ("sorted(PORTS)", "", "sorted(PORTS)"),
        ("sorted(ZONES)", "items = sorted(ZONES)", "items"),
        (
            "[n * n for n in range(9)]",
            "items = [n * n for n in range(9)]",
            "items",
        ),
        ("tuple(ZONES)", "items = tuple(ZONES)", "list(items)"),
    ],
)
def test_what_a_loop_runs_over(
    tmp_path: Path, items: str, first: str, loop: str
) -> None:
    found = built(tmp_path, f"flow.in_serial(flow.for_each({items}, put))")
    assert f"for item in {loop}:\n        put(box, item)" in found
    assert found.count("items = ") == bool(first) and first in found
