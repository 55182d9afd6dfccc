"""A trace of parts of every kind."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Mill:
    """Sacks of grain, and what was made of them."""

    sacks: list[str] = field(default_factory=lambda: ["rye", "oat"])
    left: int = 2
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_sacks(mill: Mill) -> list[str]:
    """Read the sacks."""
    return mill.sacks


@flow.extract
def next_sack(mill: Mill) -> str:
    """Take a sack, as long as there are some."""
    if mill.left == 0:
        raise flow.Exhausted
    mill.left -= 1
    return mill.sacks[mill.left % len(mill.sacks)]


@flow.transform
def grind(mill: Mill, sack: str) -> str:
    """Make flour."""
    mill.journal.append(f"grind {sack}")
    return f"flour of {sack}"


@flow.transform
def count(mill: Mill, flours: list[str]) -> int:
    """Count what there is."""
    return len(flours)


@flow.consume
def store(mill: Mill, flour: str) -> None:
    """Store flour."""
    mill.journal.append(f"store {flour}")


@flow.consume
def report(mill: Mill, total: int) -> None:
    """Report a number."""
    mill.journal.append(f"{total} in all")


@flow.predicate
def is_windy(mill: Mill, days: int) -> bool:
    """Return whether there is wind, for so many days."""
    return len(mill.journal) < days


@flow.step
def rest(mill: Mill, who: str) -> None:
    """Rest."""
    mill.journal.append(f"{who} rests")


def shift(who: str, level: int) -> flow.Step[Mill]:
    """Work until the wind is gone."""
    return flow.with_logging(
        flow.while_(flow.named(f"wind for {who}", is_windy(4)), rest(who)), level
    )


@flow.workflow
def run_mill() -> flow.Step[Mill]:
    """Run a mill for a day."""
    return flow.traced(
        flow.do(
            flow.pipeline(
                flow.named("sacks", flow.collect(flow.named("sack", next_sack))),
                flow.named("grinding", flow.render(flow.named("grind", grind))),
                flow.named("as they are", flow.chain()),
                flow.named("storing", flow.apply(flow.named("store", store))),
            ),
            flow.with_(
                flow.from_(flow.named("number", flow.value(["a", "b"])), count), report
            ),
            shift("the miller", logging.WARNING),
            flow.named("evening", shift("the cat", logging.DEBUG)),
            flow.in_parallel(
                flow.from_(
                    list_sacks,
                    flow.map_(lambda sack: flow.named(sack, rest(sack.title()))),
                ),
                flow.named(
                    "dogs",
                    flow.for_each(["dog"], lambda who: rest(who.upper())),
                ),
                limit=1,
                join_errors=True,
            ),
            flow.in_serial(
                flow.named(
                    "night",
                    flow.for_each(list_sacks, lambda sack: rest(sack.upper())),
                ),
                join_errors=True,
            ),
        ),
        to="mill.jsonl",
    )
