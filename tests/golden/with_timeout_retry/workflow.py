"""Retries inside and outside of limits."""

from __future__ import annotations

from dataclasses import dataclass, field

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


class BusyError(Exception):
    """The server has no time."""


def is_busy(error: Exception) -> bool:
    """Return whether it is worth another attempt."""
    return isinstance(error, BusyError)


@flow.workflow
def upgrade() -> flow.Step[Server]:
    """Try all kinds of things."""
    return flow.do(
        flow.with_timeout(60, flow.retry(drain, flow.up_to(3), flow.fixed_backoff(20))),
        flow.with_timeout(
            20,
            flow.retry(
                flow.do(drain, restart),
                flow.exponential_backoff(4, jitter="full", max_delay=10),
                flow.up_to(4),
            ),
        ),
        flow.with_timeout(
            30,
            flow.retry(
                flow.do(restart, warm_up("/")),
                flow.up_to(5),
                flow.only_if(is_busy),
                on=(BusyError, ConnectionError),
            ),
        ),
        flow.retry(
            flow.with_timeout(5, flow.until(is_healthy, flow.sleep(2))),
            flow.up_to(2),
            on=TimeoutError,
        ),
    )
