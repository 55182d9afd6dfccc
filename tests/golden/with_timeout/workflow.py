"""Limits that one place asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

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


PATIENCE = 90


@flow.workflow
def upgrade() -> flow.Step[Server]:
    """Upgrade a server, each part of it in limited time."""
    return flow.do(
        flow.with_timeout(30, flow.do(drain, restart)),
        flow.with_timeout(
            timedelta(minutes=1),
            flow.in_serial(flow.for_each(["/", "/login"], warm_up)),
        ),
        # It takes a while to load everything.
        flow.with_timeout(PATIENCE, flow.until(is_healthy, flow.sleep(5))),
        flow.with_timeout(10, restart),
    )
