"""Arguments of many kinds."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from transpiler import flow

REGION = "eu"
PORTS = {"http": 80, "https": 443}
HOME = Path("/srv") / REGION


class Size(enum.Enum):
    """How large a machine is."""

    SMALL = 1
    LARGE = 8


@dataclass(frozen=True)
class Disk:
    """What to write to."""

    name: str
    gigabytes: int = 10


class Defaults:
    """What everyone gets."""

    disk = Disk("root", 20)


@dataclass
class Order:
    """What was ordered."""

    items: list[str] = field(init=False, default_factory=list)


@flow.step
def add(
    order: Order, what: Any, *more: Any, note: str = "", size: object = None
) -> None:
    """Add something to the order."""
    # Sets of texts are in another order in each process.
    shown = sorted(what) if isinstance(what, set) else what
    order.items.append(f"{shown} {more} {note} {size}")


def machines(count: int) -> list[flow.Step[Order]]:
    """Return a step for each machine: Python, run when the workflow is built."""
    steps = []
    for number in range(1, count + 1):
        size = Size.LARGE if number == 1 else Size.SMALL
        steps.append(add(f"machine {number}", size, note=f"{REGION}-{number}"))
    return steps


@flow.workflow
def place_order() -> flow.Step[Order]:
    """Place an order."""
    disk = Disk("data", gigabytes=500)
    tags = {"team": "ops", "cost": 7}
    return flow.do(
        add(REGION),
        add(PORTS["https"], PORTS["http"] + 8000),
        add(Defaults.disk.gigabytes * 2, note=f"disk in {REGION.upper()!r}"),
        add(Size.LARGE, Size["SMALL"], HOME / "data"),
        add(disk, Disk("logs"), [disk, None], size=(1, 2.5, True)),
        add(tags, note="tags"),
        add({"b": [1, 2], "a": {"c": ()}}, *["x", "y"]),
        add(date(2024, 2, 29), timedelta(hours=36), Path("etc/motd")),
        add({"b", "a"}, frozenset({3, 1}), b"\x00\xff", 1e100, -0.0),
        add(float("inf"), -1, 1_000_000, 0xFF, "tab\t and \"quotes\" and 'more'"),
        add("ünïcode \N{SNOWMAN} {braces} %s \\ backslash"),
        add(
            "a long line that has to be broken somewhere because it would not fit " * 2
        ),
        *machines(3),
    )
