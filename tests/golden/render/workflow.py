"""Transforms and consumes of each element."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from transpiler import flow


@dataclass(frozen=True)
class Reading:
    """What a meter said."""

    meter: str
    value: float


@dataclass
class Plant:
    """A plant with meters."""

    lines: list[str] = field(default_factory=lambda: ["a=1,b=2", "c=3"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def read_lines(plant: Plant) -> list[str]:
    """Read the log."""
    return plant.lines


@flow.transform
def split(plant: Plant, line: str) -> list[str]:
    """Take a line apart."""
    return line.split(",")


@flow.transform
def parse(plant: Plant, text: str) -> Reading:
    """Understand a part of a line."""
    meter, _, value = text.partition("=")
    return Reading(meter, float(value))


@flow.transform
def above(plant: Plant, readings: list[Reading], limit: float) -> Iterator[Reading]:
    """Pick those above a limit, one at a time."""
    return (reading for reading in readings if reading.value > limit)


@flow.consume
def alert(plant: Plant, reading: Reading) -> None:
    """Wake somebody."""
    plant.journal.append(f"{reading.meter} is at {reading.value}")


@flow.consume
def keep(plant: Plant, line: str) -> None:
    """Keep a line."""
    plant.journal.append(line)


@flow.workflow
def watch_plant() -> flow.Step[Plant]:
    """Watch the meters of a plant."""
    return flow.do(
        flow.with_(read_lines, flow.apply(keep)),
        flow.pipeline(
            read_lines,
            flow.render(split),
            flow.flatten,
            flow.render(parse),
            above(1.5),
            flow.apply(alert),
        ),
        flow.pipeline(
            read_lines,
            flow.render(flow.chain(split, flow.render(parse))),
            flow.flatten,
            flow.apply(alert),
        ),
        flow.in_serial(
            flow.for_each(
                flow.from_(read_lines, flow.render(split), flow.flatten),
                lambda part: flow.with_(flow.value(part), keep),
            )
        ),
    )
