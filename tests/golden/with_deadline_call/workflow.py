"""Moments that are computed, and one that is asked often."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from transpiler import flow


@dataclass
class Server:
    """What is upgraded."""

    host: str = "web-1"
    ready: bool = False
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def drain(server: Server) -> None:
    """Take the server out of the load balancer."""
    server.journal.append("drain")


@flow.step
def restart(server: Server) -> None:
    """Restart the server."""
    server.journal.append("restart")


@flow.step
def warm_up(server: Server, path: str) -> None:
    """Ask for a page, so that it is in the cache."""
    server.journal.append(f"get {path}")


@flow.predicate
def is_healthy(server: Server) -> bool:
    """Ask the server."""
    return server.ready or len(server.journal) > 8


def closing_time(day: int) -> datetime:
    """Return when the shop closes."""
    return datetime(2026, 1, day, 12, 0, 30, tzinfo=UTC)


WINDOWS = {"web": datetime(2026, 1, 1, 12, 2, tzinfo=UTC)}


def within_window(kind: str) -> flow.Step[Server]:
    """Restart once in the maintenance window."""
    return flow.with_deadline(
        WINDOWS[kind], flow.do(warm_up(kind), warm_up("/login"), restart)
    )


@flow.workflow
def upgrade() -> flow.Step[Server]:
    """Upgrade a server before noon."""
    return flow.do(
        flow.in_serial(flow.for_each(["web"], within_window)),
        flow.with_deadline(
            closing_time(1),
            flow.do(drain, flow.until(is_healthy, flow.sleep(15)), restart),
        ),
    )
