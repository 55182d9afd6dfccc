"""Leaves that are no decorated functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from transpiler import flow


@dataclass
class Garden:
    """A garden."""

    dry: bool = True
    beds: list[str] = field(default_factory=lambda: ["north", "south"])
    done: list[str] = field(init=False, default_factory=list)


def water(minutes: int) -> Callable[[Garden], None]:
    """Return a step that waters for some time."""

    def run(garden: Garden) -> None:
        """Water it."""
        # A comment inside.
        garden.done.append(f"water {minutes} minutes")

    return run


def plant(name: str, *, rows: int = 1) -> Callable[[Garden], None]:
    """Return a step that plants something."""
    seeds = rows * 10

    def sow(garden: Garden) -> None:
        garden.done.append(f"{name} in {rows} rows, {seeds} seeds")

    return sow


def mow(garden: Garden, height: int = 5, *, twice: bool = False) -> None:
    """Mow the lawn."""
    garden.done.append(f"mow {height} {twice}")


def dig(garden: Garden, bed: str) -> None:
    """Dig a bed over."""
    garden.done.append(f"dig {bed}")


@flow.workflow
def tend_garden() -> flow.Step[Garden]:
    """Tend a garden."""
    return flow.do(
        water(5),
        water(10),
        plant("peas", rows=2),
        mow,
        partial(mow, height=3),
        partial(mow, twice=True),
        flow.when(
            lambda garden: garden.dry and len(garden.beds) > 1,
            lambda garden: garden.done.append("hose"),
        ),
        flow.in_serial(
            flow.for_each(
                lambda garden: [bed.upper() for bed in garden.beds],
                lambda bed: partial(dig, bed=bed),
            ),
            flow.for_each([1, 2], lambda rows: plant("beans", rows=rows)),
        ),
        flow.in_parallel(
            water(1),
            lambda garden: garden.beds.sort(),
            partial(mow, height=1),
        ),
    )
