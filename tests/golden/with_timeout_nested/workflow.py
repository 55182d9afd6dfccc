"""Limits in limits."""

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


@flow.workflow
def upgrade() -> flow.Step[Server]:
    """Upgrade a server in a minute, and wait for it half of that at most."""
    return flow.with_timeout(
        60,
        flow.do(
            drain,
            flow.on_error(
                flow.with_timeout(30, flow.until(is_healthy, flow.sleep(8))),
                {TimeoutError: restart},
            ),
            flow.retry(
                flow.with_timeout(10, flow.do(warm_up("/"), warm_up("/login"))),
                flow.up_to(3),
                flow.fixed_backoff(3),
                on=TimeoutError,
            ),
            flow.ignore_error(flow.with_timeout(90, flow.do(drain, restart))),
            restart,
        ),
    )
