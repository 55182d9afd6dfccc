"""A deep workflow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Mine:
    """A mine."""

    shafts: list[str] = field(default_factory=lambda: ["north", "south"])
    carts: int = 2
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_shafts(mine: Mine) -> list[str]:
    """Read the plan."""
    return mine.shafts


@flow.extract
@contextmanager
def light(mine: Mine) -> Iterator[Mine]:
    """Switch the light on, and off again."""
    mine.journal.append("light on")
    try:
        yield mine
    finally:
        mine.journal.append("light off")


@flow.extract
def look_around(mine: Mine) -> str:
    """See what is there."""
    return "coal"


@flow.extract
def read_loads(mine: Mine) -> list[list[str]]:
    """See what is in the carts."""
    return [["coal"], ["stone", "coal"]]


@flow.predicate
def has_carts(mine: Mine) -> bool:
    """See whether a cart is left."""
    mine.carts -= 1
    return mine.carts >= 0


@flow.step
def dig(mine: Mine, shaft: str) -> None:
    """Dig."""
    mine.journal.append(f"dig in {shaft}")


@flow.step
def prop(mine: Mine, shaft: str) -> None:
    """Put a prop in."""
    mine.journal.append(f"prop {shaft}")


@flow.step
def leave(mine: Mine) -> None:
    """Go home."""
    mine.journal.append("leave")


@flow.consume
def lift(mine: Mine, piece: str) -> None:
    """Lift a piece out."""
    mine.journal.append(f"lift {piece}")


@flow.workflow
def work_mine() -> flow.Step[Mine]:
    """Work in all shafts."""
    return flow.ensure(
        flow.in_serial(
            flow.for_each(
                list_shafts,
                lambda shaft: flow.while_(
                    has_carts,
                    flow.using(
                        light,
                        flow.retry(
                            flow.repeat(
                                2,
                                flow.on_error(
                                    flow.switch(
                                        look_around,
                                        {
                                            "coal": flow.when(
                                                lambda mine: mine.carts < 9,
                                                flow.ensure(
                                                    flow.retry(
                                                        dig(shaft),
                                                        flow.up_to(2),
                                                        flow.fixed_backoff(1),
                                                    ),
                                                    prop(shaft),
                                                ),
                                            ),
                                            "water": leave,
                                        },
                                    ),
                                    {OSError: prop(shaft)},
                                ),
                            ),
                            flow.up_to(2),
                            flow.fixed_backoff(5),
                        ),
                    ),
                ),
            ),
            flow.for_each(
                ["morning", "evening"],
                lambda _: flow.when(
                    lambda mine: bool(mine.journal),
                    flow.with_(read_loads, flow.apply(flow.apply(lift))),
                ),
            ),
        ),
        leave,
    )
