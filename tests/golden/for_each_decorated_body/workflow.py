"""The body of a loop in all its forms."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

CITIES = ["Oslo", "Rome"]


@dataclass
class Tour:
    """A tour of cities."""

    stops: list[str] = field(init=False, default_factory=list)


@flow.step
def visit(tour: Tour, city: str) -> None:
    """Go there."""
    tour.stops.append(city)


@flow.step
def photograph(tour: Tour, city: str, *, times: int = 1) -> None:
    """Take pictures."""
    tour.stops.extend([f"{city} in a picture"] * times)


def explore(city: str) -> flow.Step[Tour]:
    """Go there and take pictures."""
    return flow.do(visit(city), photograph(city, times=2))


@flow.workflow
def travel() -> flow.Step[Tour]:
    """Travel."""
    return flow.in_serial(
        flow.for_each(CITIES, visit),
        flow.for_each(CITIES, explore),
        flow.for_each(CITIES, lambda city: photograph(city, times=3)),
        flow.for_each(CITIES, lambda city: lambda tour: tour.stops.remove(city)),
    )
