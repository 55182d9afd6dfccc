"""Choices by a value that is read when the workflow runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from transpiler import flow

EU = "eu"
US = "us"


class Tier(Enum):
    """What a customer pays for."""

    FREE = "free"
    PAID = "paid"


@dataclass
class Shop:
    """A shop of a customer."""

    size: str = "small"
    region: str = "eu"
    tier: Tier = Tier.FREE
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def read_size(shop: Shop) -> str:
    """Look it up."""
    return shop.size


@flow.extract
def read_tier(shop: Shop) -> Tier:
    """Look it up."""
    return shop.tier


@flow.step
def rent(shop: Shop, what: str) -> None:
    """Rent something."""
    shop.journal.append(what)


@flow.step
def greet(shop: Shop) -> None:
    """Say hello."""
    shop.journal.append("hello")


@flow.workflow
def open_shop() -> flow.Step[Shop]:
    """Open a shop."""
    return flow.do(
        flow.switch(
            read_size,
            {
                "small": rent("a shelf"),
                # Two floors need a lift.
                "large": flow.do(rent("a house"), rent("a lift")),
            },
            otherwise=rent("a room"),
        ),
        flow.switch(
            lambda shop: shop.region,
            {EU: rent("a van"), US: rent("a truck")},
            rent("a cart"),
        ),
        flow.switch(
            read_tier,
            {
                Tier.FREE: greet,
                Tier.PAID: flow.when(lambda shop: shop.size == "large", rent("a desk")),
            },
        ),
        flow.switch(read_size, {"small": flow.do(), "large": greet}),
        flow.switch(read_size, {}, otherwise=greet),
        flow.switch(read_size, {}),
    )
