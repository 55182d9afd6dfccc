"""Import orders: page by page from a shop, through a queue, out in batches."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from transpiler import flow

log = logging.getLogger(__name__)

SHOP = ["1;pen;10;1.20", "2;ink;1;8.00", "3;paper;5;4.50", "4;ruler;2;2.10"]


@dataclass(frozen=True)
class Order:
    """What somebody wants to buy."""

    number: int
    item: str
    amount: float


@dataclass
class Import:
    """An import, and how far it has got."""

    page_size: int = 2
    # Orders that came by telephone: NUMBER;ITEM;QUANTITY;PRICE
    by_phone: list[str] = field(default_factory=list)
    cursor: int = field(init=False, default=0)
    queue: list[Order] = field(init=False, default_factory=list)
    sent: list[str] = field(init=False, default_factory=list)


@flow.extract
def next_page(job: Import) -> str:
    """Ask for the next page of orders, a line each."""
    lines = [*SHOP, *job.by_phone][job.cursor : job.cursor + job.page_size]
    if not lines:
        raise flow.Exhausted
    job.cursor += len(lines)
    return "\n".join(lines)


@flow.transform
def split_lines(job: Import, page: str) -> list[str]:
    """Take a page apart."""
    return page.splitlines()


@flow.transform
def parse_order(job: Import, line: str) -> Order:
    """Understand a line."""
    number, item, quantity, price = line.split(";")
    return Order(int(number), item, int(quantity) * float(price))


@flow.consume
def enqueue(job: Import, order: Order) -> None:
    """Put an order into the queue."""
    job.queue.append(order)


@flow.predicate
def is_empty(job: Import) -> bool:
    """Look whether anything is left in the queue."""
    return not job.queue


@flow.extract
def take_batch(job: Import, size: int) -> list[Order]:
    """Take the next few orders out of the queue."""
    batch, job.queue = job.queue[:size], job.queue[size:]
    return batch


@flow.transform
def write_invoice(job: Import, order: Order) -> str:
    """Write an invoice."""
    return f"#{order.number} {order.item}: {order.amount:.2f}"


@flow.consume
def send(job: Import, invoices: list[str]) -> None:
    """Send a batch of invoices in one envelope."""
    log.info("%s", ", ".join(invoices))
    job.sent += invoices


@flow.workflow
def import_orders() -> flow.Step[Import]:
    """Import all orders of the shop, and send their invoices in batches."""
    orders = flow.chain(
        flow.render(split_lines), flow.flatten, flow.render(parse_order)
    )
    return flow.do(
        # One order that can't be read stops the import before anything is sent.
        flow.pipeline(flow.collect(next_page), orders, flow.apply(enqueue)),
        flow.until(
            is_empty,
            flow.pipeline(take_batch(3), flow.render(write_invoice), send),
        ),
    )
