"""A limit that many places ask."""

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
    """Upgrade a server in a minute."""
    return flow.with_timeout(
        60,
        flow.do(
            drain,
            # Connections are closed by then.
            flow.sleep(20),
            restart,
            flow.until(is_healthy, flow.do(warm_up("/"), flow.sleep(2.5))),
            flow.when(is_healthy, warm_up("/login"), otherwise=restart),
            flow.repeat(2, flow.do(warm_up("/search"), flow.sleep(1))),
            flow.repeat(2, flow.do(warm_up("/cart"), warm_up("/checkout"))),
            flow.in_serial(flow.for_each(["/a", "/b"], warm_up)),
            flow.while_(~is_healthy, restart),
            flow.switch(
                lambda server: server.host,
                {"web-1": flow.sleep(1), "web-2": warm_up("/admin")},
            ),
            drain,
        ),
    )
