"""Steps that do something twice when they are tried again."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from transpiler import flow

INSERT = "INSERT INTO audit (who) VALUES (%s)"


@dataclass
class Shop:
    """A shop."""

    connection: Any = None
    orders: list[str] = field(default_factory=list)
    sold: int = 0
    counts: dict[str, int] = field(default_factory=dict)


def send(order: str) -> None:
    """Send an order, which may fail."""
    if not order:
        raise ConnectionError(order)


@flow.step
def sell(shop: Shop, order: str) -> None:
    """Sell something."""
    shop.sold += 1
    shop.orders.append(order)
    count(shop, order)
    send(order)


def count(shop: Shop, order: str) -> None:
    """Count an order."""
    shop.counts[order] = shop.counts.get(order, 0) + 1


@flow.step
def note(shop: Shop, order: str) -> None:
    """Note an order; what comes after it in the retry may fail."""
    shop.orders += [order]


@flow.step
def create_tables(shop: Shop) -> None:
    """Create the tables."""
    shop.connection.execute("CREATE TABLE orders (number int)")
    shop.connection.execute(f"""
        insert into orders
        values ({shop.sold})
        """)
    shop.connection.execute(INSERT, ["me"])


@flow.step
def write(shop: Shop, path: str) -> None:
    """Write to files."""
    with open(path, "a") as file:
        file.write("x")
    with Path(path).open(mode="ab") as binary:
        binary.write(b"x")


@flow.workflow
def provision() -> flow.Step[Shop]:
    """Provision it."""
    return flow.do(
        flow.retry(sell("1"), flow.up_to(2)),
        flow.retry(flow.do(note("2"), flow.do(flow.sleep(1))), flow.up_to(2)),
        flow.retry(create_tables),
        flow.retry(write("log.txt"), flow.up_to(4)),
    )
