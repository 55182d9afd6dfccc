"""A water tower whose levels are read and set in many places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from transpiler import flow


@dataclass
class Tower:
    """A water tower."""

    level: int = 3
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def pump(tower: Tower, litres: int = 1) -> None:
    """Pump water up."""
    tower.level += litres
    tower.journal.append(f"pump {litres}")


@flow.predicate
def is_low(tower: Tower) -> bool:
    """Tell whether there is little water."""
    return tower.level < 5


@flow.extract
def levels(tower: Tower) -> list[int]:
    """Read the gauges."""
    return [tower.level, tower.level + 1]


@flow.transform
def in_feet(tower: Tower, level: int) -> int:
    """Convert a level."""
    return level * 3


@flow.consume
def write_down(tower: Tower, feet: list[int]) -> None:
    """Write the levels down."""
    tower.journal.append(f"{feet} feet")


def pump_by(litres: int) -> Callable[[Tower], None]:
    """Make a step that also says where it stands."""

    def run(tower: Tower) -> None:
        if flow.remaining() is None:
            raise flow.Exhausted("no limit")
        tower.journal.append(".".join(flow.names()))
        pump.fn(tower, litres)

    return run


@flow.workflow
def fill_tower() -> flow.Step[Tower]:
    """Fill a tower."""
    return flow.do(
        lambda tower: pump.fn(tower, 2),
        partial(pump.fn, litres=3),
        flow.when(
            lambda tower: is_low.fn(tower) and tower.level > 0,
            lambda tower: pump.fn(tower),
        ),
        flow.in_serial(
            flow.for_each(
                lambda tower: levels.fn(tower)[:1],
                lambda level: flow.do(lambda tower: pump.fn(tower, level)),
            )
        ),
        flow.with_(
            flow.from_(levels, lambda tower, gauges: [in_feet.fn(tower, max(gauges))]),
            write_down,
        ),
        flow.with_timeout(
            dt.timedelta(minutes=1),
            flow.named(
                "reserve",
                flow.do(
                    pump_by(5),
                    lambda tower: tower.journal.append(str(flow.names())),
                    flow.ignore_error(pump_by(6)),
                ),
            ),
        ),
    )
