"""A trace of the parts of a workflow."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from transpiler import flow

TRACES = Path(".")


@dataclass
class Shop:
    """Goods, and what was done with them."""

    goods: list[str] = field(default_factory=lambda: ["tea", "rice"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_goods(shop: Shop) -> list[str]:
    """Read the goods."""
    return shop.goods


@flow.step
def order(shop: Shop, good: str) -> None:
    """Order a good."""
    shop.journal.append(f"order {good}")


@flow.step
def shelve(shop: Shop, good: str) -> None:
    """Put a good on the shelf."""
    shop.journal.append(f"shelve {good}")


@flow.step
def sweep(shop: Shop) -> None:
    """Sweep the floor."""
    shop.journal.append("sweep")


def restock(good: str) -> flow.Step[Shop]:
    """Order a good and shelve it."""
    return flow.named(
        good,
        flow.do(
            flow.named("order", flow.retry(order(good), flow.up_to(2))),
            flow.named("shelf", shelve(good)),
        ),
    )


@flow.workflow
def restock_shop() -> flow.Step[Shop]:
    """Restock a shop."""
    return flow.do(
        sweep,
        flow.traced(
            flow.do(
                flow.named("nothing to do", flow.do()),
                flow.ignore_error(flow.named("floor", sweep), on=OSError),
                # All goods at once.
                flow.in_parallel(
                    flow.named("goods", flow.for_each(list_goods, restock))
                ),
                flow.in_serial(
                    flow.for_each(
                        ["salt"],
                        lambda good: flow.traced(
                            restock(good), to=TRACES / f"restock-{good}.jsonl"
                        ),
                    )
                ),
            ),
            to="restock.jsonl",
        ),
    )
