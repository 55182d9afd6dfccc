"""Steps that may be tried again, and effects that nothing can follow."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import Any

from transpiler import flow

log = logging.getLogger(__name__)


@dataclass
class Shop:
    """A shop."""

    connection: Any = None
    orders: list[str] = field(default_factory=list)
    customers: set[str] = field(default_factory=set)
    prices: dict[str, int] = field(default_factory=dict)
    sold: int = 0


def send(order: str) -> None:
    """Send an order, which may fail."""
    if not order:
        raise ConnectionError(order)


@flow.step
def sell(shop: Shop, order: str) -> None:
    """Sell something: it is noted once nothing can fail any more."""
    send(order)
    shop.sold += 1
    shop.orders.append(order)
    log.info("sold %s to %d", order, len(shop.customers))


@flow.step
def look_first(shop: Shop, order: str) -> None:
    """Look whether it is there."""
    if order not in shop.orders:
        shop.orders.append(order)
    shop.customers.add(order)
    shop.prices[order] = 5
    shop.sold = max(shop.sold, 1)
    send(order)


@flow.step
def leave_early(shop: Shop, order: str) -> None:
    """Leave if it is there."""
    if order in shop.orders:
        return
    shop.orders.append(order)
    send(order)


@flow.step
def start_over(shop: Shop) -> None:
    """Begin with nothing."""
    shop.orders = []
    shop.orders.append("1")
    shop.sold = 0
    for _ in range(3):
        shop.sold += 1
    send("1")


@flow.step
def create_tables(shop: Shop) -> None:
    """Create what is not there.

    CREATE TABLE without a guard stands in a docstring here.
    """
    shop.connection.execute("CREATE TABLE IF NOT EXISTS orders (number int)")
    shop.connection.execute("INSERT INTO orders VALUES (1) ON CONFLICT DO NOTHING")
    try:
        shop.connection.execute("CREATE DATABASE shop")
    except ValueError:
        log.info("CREATE DATABASE is not needed, INSERT INTO will select it")
    raise_if(shop.sold, "CREATE DATABASE, or select one to insert into")


def raise_if(wrong: int, message: str) -> None:
    """Raise an error."""
    if wrong:
        raise ValueError(f"CREATE USER failed: {message}")


@flow.step
def replace_rows(shop: Shop) -> None:
    """Replace what there is."""
    shop.connection.execute("DELETE FROM orders")
    shop.connection.execute("INSERT INTO orders VALUES (1)")


@flow.step
def write(shop: Shop, path: str) -> None:
    """Write a whole file."""
    with open(path, "w") as file:
        file.write("a")


@flow.workflow
def provision() -> flow.Step[Shop]:
    """Provision it."""
    return flow.do(
        flow.retry(sell("1"), flow.up_to(2)),
        flow.retry(flow.do(write("a"), sell("2")), flow.up_to(2)),
        flow.retry(look_first("3"), flow.up_to(2)),
        flow.retry(leave_early("4"), flow.up_to(2)),
        flow.retry(start_over),
        flow.retry(create_tables),
        flow.retry(replace_rows),
        flow.retry(write("b"), flow.up_to(4)),
        # It is never tried again.
        flow.retry(flow.do(sell("5"), flow.sleep(1)), flow.up_to(1)),
        flow.retry(flow.ignore_error(flow.do(sell("6"), flow.sleep(1)))),
        sell("7"),
    )
