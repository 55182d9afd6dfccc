"""Adjust the settings of a machine."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Literal

from transpiler import flow

PREFIX = "valve"


class Mode(enum.Enum):
    """How a valve is driven."""

    MANUAL = "manual"
    AUTO = "auto"


@dataclass
class Machine:
    """A machine with its log."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def set_valve(
    machine: Machine,
    name: str,
    pressure: float,
    mode: Mode | None = None,
    since: date = date(2020, 1, 1),
) -> None:
    """Set a valve."""
    machine.journal.append(f"{name} {pressure!r} {mode} {since}")


@flow.step
def record(machine: Machine, what: object) -> None:
    """Record a value."""
    machine.journal.append(repr(what))


@flow.step
def turn(machine: Machine, way: Literal["left", "right"]) -> None:
    """Turn the machine."""
    machine.journal.append(way)


@flow.step
def label(machine: Machine, machine_name: str, journal: str) -> None:
    """Put a label on it."""
    machine.journal.append(f"{machine_name} {journal}")


NUMBERS = [1.5, 2, -0.0, 0.0, float("inf"), float("nan"), 1e300, -7]


@flow.workflow
def adjust(scale: float = 1.5) -> flow.Step[Machine]:
    """Adjust everything."""
    valves = [(f"v{n * n}", n / 4, Mode.AUTO if n % 2 else None) for n in range(20)]
    day = date(2024, 2, 28)
    days = [day, *(day + timedelta(n) for n in range(1, 8))]
    ways: list[Literal["left", "right"]] = ["left", "right"]
    return flow.do(
        *[set_valve(name, pressure, mode) for name, pressure, mode in valves],
        *[set_valve(f"{PREFIX}_{n}", n * scale, None, days[n]) for n in range(8)],
        *[record(each) for each in NUMBERS],
        *[record(Decimal(1) / n) for n in (1, 2, 4, 5, 8, 10, 16, 20)],
        *[record(Path("/srv") / name) for name in "abcdefgh"],
        *[record((n, f"<{n}>")) for n in range(0, 80, 10)],
        *[record(each) for each in (b"a", b"b", b"\x00", b"", b"x", b"y", b"z", b"{}")],
        # Lists could be changed by the step, and are made anew for each.
        *[record([n, [n]]) for n in range(8)],
        # No type holds all of them.
        *[record(each) for each in (1, "1", None, True, 1.0, b"1", (1,), Mode.AUTO)],
        # A loop's variable would be any string.
        *[turn(ways[n % 2]) for n in range(8)],
        # What is called like other things here.
        *[label(record, machine) for record in "abcdefgh" for machine in "x"],
        *[set_valve("eq", 1.0, since=days[0]) for _ in range(8)],
    )
