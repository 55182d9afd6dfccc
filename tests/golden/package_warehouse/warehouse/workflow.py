"""Load the warehouse."""

from __future__ import annotations

from functools import partial

from transpiler import flow
from warehouse import Table, codec, errors, graph, plan
from warehouse.sources import SOURCES, files, remote
from warehouse.state import Load


class Error(Exception):
    """Something is wrong with this load."""


@flow.extract
def read(load: Load, table: Table, source: str = "files") -> list[dict[str, object]]:
    """Read the rows of a table."""
    rows = table @ list(SOURCES[source](table).rows())
    if load.mode == "delta" and source not in ("files", "remote"):
        raise Error(source)
    return rows


@flow.transform
def encode(load: Load, row: dict[str, object], *, indent: str = "") -> str:
    """Write a row as the warehouse wants it."""
    return indent + codec.encode(row)


@flow.consume
def insert(load: Load, lines: list[str], table: str) -> None:
    """Insert rows."""
    load.lines += lines
    load.counts[table] = load.counts.get(table, 0) + len(lines)


@flow.step
def check(load: Load, table: str, least: int) -> None:
    """Count the rows."""
    if load.counts.get(table, 0) < least:
        raise errors.Malformed(table)


@flow.step
def sign(load: Load, *sources: str) -> None:
    """Say what the load was made of."""
    error = errors.Unreachable()
    worst = errors.worst(error, errors.Malformed(), ValueError())
    load.lines.append(f"{sources} {codec.stamp()} {error.label} {worst}")


def load_table(table: Table) -> flow.Step[Load]:
    """Load one table from all sources."""
    return flow.named(
        f"table {table.name}",
        flow.do(
            flow.pipeline(
                partial(read.fn, table=table),
                flow.render(encode),
                insert(table.name),
            ),
            flow.retry(
                flow.pipeline(
                    read(table, source="remote"),
                    flow.render(encode(indent="  ")),
                    insert(table.name),
                ),
                flow.up_to(3),
                flow.exponential_backoff(1),
                on=(errors.Unreachable, TimeoutError),
            ),
            check(table.name, least=len(graph.DEPENDS)),
        ),
    )


@flow.workflow
def load_warehouse() -> flow.Step[Load]:
    """Load all tables, and sign."""
    return flow.do(
        flow.on_error(
            flow.in_serial(flow.for_each(plan.ordered(), load_table)),
            {errors.Error: sign(files.load("broken")), Error: None},
        ),
        sign(files.load(), remote.load()),
    )
