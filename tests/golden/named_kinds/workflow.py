"""Names for parts of every kind, as they may be written."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from transpiler import flow


@dataclass
class Shop:
    """Orders, and what is done with them."""

    pages: list[list[str]] = field(default_factory=lambda: [["nails"], ["screws"]])
    is_open: bool = True
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def read_pages(shop: Shop, *, most: int = 100) -> list[list[str]]:
    """Read the orders."""
    return shop.pages[:most]


@flow.extract
def next_token(shop: Shop) -> str:
    """Return the next line of the journal that is written from behind."""
    if not shop.journal:
        raise flow.Exhausted
    return shop.journal.pop()


@flow.transform
def shouted(shop: Shop, text: str, end: str = "!") -> str:
    """Make it loud."""
    return text.upper() + end


@flow.consume
def store(shop: Shop, text: str) -> None:
    """Store an order."""
    shop.journal.append(text)


@flow.step
def note(shop: Shop, text: str = "done") -> None:
    """Write it down."""
    shop.journal.append(text)


@flow.predicate
def is_open(shop: Shop) -> bool:
    """Look at the door."""
    return shop.is_open


def loud() -> flow.Transform[Shop, str, str]:
    """Make it loud, in its own words."""
    return flow.auto_named(partial(shouted, end="?"))


@flow.workflow
def take_orders() -> flow.Step[Shop]:
    """Take orders."""
    return flow.do(
        flow.pipeline(
            flow.named("reading", partial(read_pages, most=2)),
            flow.named("flattening", flow.flatten),
            flow.render(loud()),
            flow.named("storing", flow.apply(store)),
        ),
        flow.with_(
            flow.collect(flow.named("token", next_token)),
            flow.named("all", flow.feed(flow.render(shouted), flow.apply(store))),
        ),
        flow.when(flow.named("door", is_open), flow.named("note", note)),
        flow.named("bye", partial(note, "bye")),
        flow.in_serial(
            flow.named("farewells", flow.steps(note("good"), note("night")))
        ),
    )
