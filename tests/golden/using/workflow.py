"""Files, locks and connections."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Service:
    """A service with databases."""

    name: str = "shop"
    journal: list[str] = field(init=False, default_factory=list)


@dataclass
class Connection:
    """An open connection."""

    name: str
    journal: list[str]


@dataclass
class Transaction:
    """What is done or undone as a whole."""

    connection: Connection


@flow.extract
@contextmanager
def connect(service: Service, name: str) -> Iterator[Connection]:
    """Open a connection."""
    service.journal.append(f"open {name}")
    try:
        yield Connection(name, service.journal)
    finally:
        service.journal.append(f"close {name}")


@flow.extract
@contextmanager
def begin(connection: Connection) -> Iterator[Transaction]:
    """Begin a transaction; undo it after an error."""
    connection.journal.append("begin")
    try:
        yield Transaction(connection)
    except Exception:
        connection.journal.append("roll back")
        raise
    connection.journal.append("commit")


@flow.step
def execute(transaction: Transaction, statement: str) -> None:
    """Run a statement."""
    transaction.connection.journal.append(statement)


@flow.step
def ping(connection: Connection) -> None:
    """See whether it is alive."""
    connection.journal.append("ping")


@flow.workflow
def migrate_service() -> flow.Step[Service]:
    """Move the tables."""
    return flow.do(
        flow.using(connect("users"), ping),
        flow.using(
            connect("orders"),
            flow.do(
                ping,
                # All or nothing.
                flow.using(begin, flow.do(execute("CREATE"), execute("COPY"))),
            ),
        ),
        flow.using(connect("items"), flow.using(begin, execute("DROP"))),
        flow.using(connect("empty"), flow.do()),
    )
