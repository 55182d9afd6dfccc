"""Clean a house up."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class House:
    """A house after a party."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def clean(house: House, room: str) -> None:
    """Clean a room."""
    house.journal.append(f"clean {room}")


@flow.step
def close_window(house: House, floor: int, number: int) -> None:
    """Close a window."""
    house.journal.append(f"close window {number} of floor {floor}")


@flow.extract
def lights(house: House) -> list[str]:
    """List the lights that are on."""
    return ["kitchen", "attic"]


def tidy(floor: int) -> flow.Step[House]:
    """Tidy a floor up: a dirty one is not closed."""
    return flow.do(clean(f"floor {floor}"), close_window(floor, 1))


@flow.workflow
def clean_up() -> flow.Step[House]:
    """Clean a house up, whatever is stuck."""
    rooms = ["kitchen", "hall", "bath", "study", "attic", "cellar", "porch", "loft"]
    return flow.do(
        flow.ignore_error(flow.do(*map(clean, rooms), join_errors=True)),
        flow.ignore_error(
            flow.do(
                clean("garden"),
                *[close_window(n % 3, n) for n in range(9)],
                clean("shed"),
                join_errors=True,
            )
        ),
        flow.ignore_error(flow.do(*[tidy(n) for n in range(8)], join_errors=True)),
        flow.in_serial(
            *[close_window(9, n) for n in range(8)],
            flow.for_each(lights, clean),
            flow.steps(*[close_window(n, 9) for n in range(8)]),
            join_errors=True,
        ),
    )
