"""Choices in choices."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

DAYS = ["monday", "friday"]


@dataclass
class Cafe:
    """A café."""

    season: str = "summer"
    guests: int = 2
    menu: list[str] = field(init=False, default_factory=list)


@flow.extract
def read_season(cafe: Cafe) -> str:
    """Look out of the window."""
    return cafe.season


@flow.extract
def count_guests(cafe: Cafe) -> int:
    """Count who is there."""
    return cafe.guests


@flow.step
def serve(cafe: Cafe, dish: str, day: str) -> None:
    """Put a dish on the menu of a day."""
    cafe.menu.append(f"{dish} on {day}")


@flow.step
def close(cafe: Cafe) -> None:
    """Close."""
    cafe.menu.append("closed")


@flow.workflow
def write_menu() -> flow.Step[Cafe]:
    """Write the menu of the week."""
    return flow.switch(
        read_season,
        {
            "summer": flow.in_serial(
                flow.for_each(
                    DAYS,
                    lambda day: flow.switch(
                        day,
                        {
                            "monday": serve("ice", day),
                            "friday": flow.switch(
                                count_guests,
                                {0: close, 1: serve("soup", day)},
                                otherwise=serve("fish", day),
                            ),
                        },
                    ),
                )
            ),
            "winter": flow.repeat(2, serve("tea", "sunday")),
        },
        otherwise=close,
    )
