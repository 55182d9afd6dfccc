"""Fill a partitioned table from a paginated API."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

from transpiler import flow

log = logging.getLogger(__name__)

FIRST = date(2024, 1, 1)
DAYS = 10
PARTITIONS = [FIRST + timedelta(days=n) for n in range(3)]
Row = dict[str, str]


@dataclass(frozen=True)
class Page:
    """A page of the API, still as text."""

    day: date
    number: int
    lines: tuple[str, ...] = ()


@dataclass
class Warehouse:
    """The warehouse."""

    rows: list[Row] = field(default_factory=list)
    cursor: dict[str, int] = field(default_factory=dict)
    attached: list[str] = field(default_factory=list)


@dataclass
class Transaction:
    """An open transaction."""

    warehouse: Warehouse
    rows: list[Row] = field(default_factory=list)


@flow.extract
@contextmanager
def transaction(warehouse: Warehouse) -> Iterator[Transaction]:
    """Commit if all went well."""
    tx = Transaction(warehouse)
    yield tx
    warehouse.rows += tx.rows


@flow.extract
def next_page(tx: Transaction, day: date) -> Page:
    """Ask for one page more."""
    number = tx.warehouse.cursor.get(f"{day}", 0)
    if number >= 2:
        raise flow.Exhausted
    tx.warehouse.cursor[f"{day}"] = number + 1
    return Page(day, number, (f"{number};a", f"{number};b"))


@flow.transform
def split(tx: Transaction, page: Page) -> list[str]:
    """Split a page into lines."""
    return list(page.lines)


@flow.transform
def parse(tx: Transaction, line: str, separator: str = ";") -> Row:
    """Parse a line."""
    key, value = line.split(separator)
    return {"key": key, "value": value}


@flow.consume
def insert(tx: Transaction, rows: list[Row], table: str) -> None:
    """COPY rows."""
    tx.rows += rows


@flow.step
def create_partition(warehouse: Warehouse, day: date) -> None:
    """CREATE TABLE events_... PARTITION OF events."""
    warehouse.attached.append(f"events_{day:%Y%m%d}")


@flow.step
def detach(warehouse: Warehouse, day: date) -> None:
    """Detach a partition that is not complete."""
    warehouse.attached.remove(f"events_{day:%Y%m%d}")


@flow.predicate
def is_filled(warehouse: Warehouse, day: date) -> bool:
    """Whether there is nothing to do for a day."""
    return f"events_{day:%Y%m%d}" in warehouse.attached


def fill(day: date) -> flow.Step[Warehouse]:
    """Fill one partition in one transaction."""
    return flow.unless(
        is_filled(day),
        flow.do(
            create_partition(day),
            flow.on_error(
                flow.using(
                    transaction,
                    flow.pipeline(
                        # The API gives the pages in order.
                        flow.named(f"pages of {day}", flow.collect(next_page(day))),
                        flow.render(split),
                        flow.flatten,
                        flow.render(parse(separator=";")),
                        insert(table=f"events_{day:%Y%m%d}"),
                    ),
                ),
                lambda warehouse, error: detach(day),
            ),
        ),
    )


@flow.workflow
def backfill(first: date = FIRST, days: int = 4) -> flow.Step[Warehouse]:
    """Fill what is missing, newest day first."""
    return flow.do(
        flow.in_serial(
            flow.for_each(
                [first + timedelta(days=n) for n in reversed(range(days))], fill
            )
        ),
        flow.in_parallel(flow.for_each(PARTITIONS, fill), limit=2),
    )
