"""A limit that is a moment."""

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


CUTOVER = datetime(2026, 1, 1, 12, tzinfo=UTC)


@flow.workflow
def upgrade() -> flow.Step[Server]:
    """Upgrade a server before noon."""
    return flow.do(
        flow.with_deadline(CUTOVER, drain),
        restart,
        flow.with_deadline(CUTOVER, flow.sleep(90)),
    )
