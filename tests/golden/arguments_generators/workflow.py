"""Generators as arguments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from transpiler import flow

GOODS = ["salt", "pepper"]


@dataclass
class Shop:
    """A shop."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def order(shop: Shop, goods: Iterable[str]) -> None:
    """Order what is left of the goods."""
    shop.journal += goods


@flow.consume
def store(shop: Shop, goods: Iterable[str]) -> None:
    """Store goods."""
    shop.journal += goods


@flow.workflow
def restock_shop() -> flow.Step[Shop]:
    """Order once, however often it is tried."""
    return flow.do(
        flow.repeat(2, order(good.upper() for good in GOODS)),
        flow.repeat(2, order(f"more {good}" for good in GOODS)),
        flow.with_(flow.value(f"much {good}" for good in GOODS), store),
    )
