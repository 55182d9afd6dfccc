"""Steps that have a substitute."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Trip:
    """A trip to the sea."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def take(trip: Trip, vehicle: str) -> None:
    """Go by a vehicle."""
    trip.journal.append(vehicle)


@flow.step
def stay(trip: Trip) -> None:
    """Stay at home."""
    trip.journal.append("stay")


@flow.workflow
def travel() -> flow.Step[Trip]:
    """Travel to the sea, somehow."""
    return flow.do(
        # The train is late more often than not.
        flow.on_error(take("train"), flow.fallback_to(take("bus"))),
        flow.on_error(
            flow.on_error(
                flow.do(take("ferry"), take("bicycle")),
                flow.fallback_to(flow.do(take("taxi"), take("ferry"))),
            ),
            flow.fallback_to(stay),
        ),
        flow.on_error(take("lift"), flow.fallback_to(flow.do())),
        flow.on_error(flow.do(), flow.fallback_to(stay)),
    )
