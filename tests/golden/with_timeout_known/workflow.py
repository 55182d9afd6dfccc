"""Limits around what nothing need be asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from transpiler import flow

NOON = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
SHELVES = ["left", "right"]


@dataclass
class Kitchen:
    """A kitchen before lunch."""

    hungry: bool = True
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def cook(kitchen: Kitchen) -> None:
    """Cook."""
    kitchen.journal.append("cook")


@flow.step
def clear(kitchen: Kitchen, shelf: str) -> None:
    """Clear a shelf."""
    kitchen.journal.append(f"clear {shelf}")


@flow.predicate
def is_hungry(kitchen: Kitchen) -> bool:
    """Ask around."""
    return kitchen.hungry


def checks(*names: str) -> list[flow.Predicate[Kitchen]]:
    """Return what has to hold, for kitchens that have checks."""
    return [is_hungry() for _ in names]


@flow.workflow
def make_lunch() -> flow.Step[Kitchen]:
    """Make lunch before noon."""
    return flow.do(
        # Constants are not read, but a name tells what was about to begin.
        flow.with_timeout(
            30,
            flow.do(
                cook,
                flow.in_parallel(
                    flow.named(
                        "shelves", flow.for_each(lambda kitchen: SHELVES, clear)
                    ),
                    limit=1,
                ),
                flow.in_serial(
                    flow.named(
                        "shelves", flow.for_each(lambda kitchen: SHELVES, clear)
                    ),
                ),
            ),
        ),
        # Without checks there is nothing to ask, and nothing that comes too late.
        flow.with_timeout(
            30,
            flow.do(
                cook,
                flow.unless(flow.or_(*checks()), flow.repeat(0, cook)),
                flow.when(flow.and_(*checks()), flow.sleep(0), cook),
            ),
        ),
        # The soonest counts, also where both have passed.
        flow.named(
            "the rest",
            flow.recover_panics(
                flow.with_deadline(
                    NOON + timedelta(minutes=5),
                    flow.retry(flow.with_deadline(NOON, cook), flow.up_to(2)),
                )
            ),
        ),
    )
