"""Connections, one for each server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Fleet:
    """A fleet of servers."""

    servers: list[str] = field(default_factory=lambda: ["eu", "us"])
    journal: set[str] = field(init=False, default_factory=set)


@dataclass
class Session:
    """A session on a server."""

    server: str
    journal: set[str]


@flow.extract
def list_servers(fleet: Fleet) -> list[str]:
    """Ask the inventory."""
    return fleet.servers


@flow.extract
@contextmanager
def open_session(fleet: Fleet, server: str) -> Iterator[Session]:
    """Log in, and out again."""
    fleet.journal.add(f"log into {server}")
    try:
        yield Session(server, fleet.journal)
    finally:
        fleet.journal.add(f"log out of {server}")


@flow.step
def update(session: Session) -> None:
    """Install the updates."""
    session.journal.add(f"update {session.server}")


@flow.step
def restart(session: Session, service: str) -> None:
    """Restart a service."""
    session.journal.add(f"restart {service} on {session.server}")


@flow.step
def page(fleet: Fleet, server: str) -> None:
    """Wake somebody."""
    fleet.journal.add(f"page for {server}")


@flow.workflow
def update_fleet() -> flow.Step[Fleet]:
    """Update all servers at once."""
    return flow.in_parallel(
        flow.for_each(
            list_servers,
            lambda server: flow.on_error(
                flow.using(
                    open_session(server),
                    flow.ensure(
                        flow.do(
                            update,
                            flow.in_serial(flow.for_each(["web", "db"], restart)),
                        ),
                        flow.ignore_error(restart("monitor")),
                    ),
                ),
                {(ConnectionError, TimeoutError): page(server)},
            ),
        ),
        join_errors=True,
    )
