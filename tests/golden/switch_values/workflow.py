"""Choices by values of all sorts."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import IntEnum

from transpiler import flow

UNKNOWN = float("nan")


class Level(IntEnum):
    """How bad it is."""

    LOW = 1
    HIGH = 2


@dataclass
class Sensor:
    """A sensor, and what it measured."""

    on: bool = False
    value: float | None = None
    level: int = 2
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def is_on(sensor: Sensor) -> bool:
    """Ask the sensor."""
    return sensor.on


@flow.extract
def read_value(sensor: Sensor) -> float | None:
    """Ask the sensor."""
    return sensor.value


@flow.extract
def read_level(sensor: Sensor) -> object:
    """Ask the sensor."""
    return sensor.level


@flow.step
def note(sensor: Sensor, text: str) -> None:
    """Write it down."""
    sensor.journal.append(text)


@flow.workflow
def read_sensor() -> flow.Step[Sensor]:
    """Read a sensor, and write down what it says."""
    return flow.do(
        flow.switch(is_on, {True: note("it is on"), False: note("it is off")}),
        flow.switch(
            read_value,
            {
                None: note("nothing"),
                math.nan: note("not a number"),
                -1.5: note("cold"),
                0: note("freezing"),
            },
            otherwise=note("warm"),
        ),
        flow.switch(read_value, {None: note("nothing again"), 20: note("fine")}),
        flow.switch(
            read_level, {Level.LOW: note("low"), Level.HIGH: note("high")}, note("?")
        ),
        flow.switch(read_level, {True: note("one"), "2": note("two")}),
        flow.switch(
            lambda sensor: (sensor.on, sensor.level),
            {(False, 2): note("off and high"), (True, 1): note("on and low")},
        ),
        flow.switch(read_value, {UNKNOWN: note("never"), 5: note("five")}),
        flow.switch(lambda sensor: sensor.value, {None: note("still nothing")}),
    )
