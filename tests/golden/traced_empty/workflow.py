"""A trace of parts with names that have nothing to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Shop:
    """A shop."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def order(shop: Shop, good: str) -> None:
    """Order a good."""
    shop.journal.append(f"order {good}")


@flow.step
def sweep(shop: Shop) -> None:
    """Sweep the floor."""
    shop.journal.append("sweep")


@flow.workflow
def restock_shop() -> flow.Step[Shop]:
    """Restock a shop that needs nothing."""
    return flow.traced(
        flow.do(
            flow.in_parallel(flow.named("spices", flow.for_each([], order))),
            flow.in_serial(
                flow.named("week", flow.named("monday", flow.for_each([], order))),
                flow.for_each([], order),
            ),
            flow.in_parallel(
                flow.named("fruit", flow.for_each([], order)), sweep, order("salt")
            ),
        ),
        to="restock.jsonl",
    )
