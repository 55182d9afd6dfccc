"""Handlers of errors inside of a limit."""

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
    """Upgrade a server, whatever fails."""
    return flow.with_timeout(
        60,
        flow.do(
            flow.ignore_error(drain),
            # Nice to have.
            flow.ignore_error(flow.do(warm_up("/"), warm_up("/login"))),
            flow.ignore_error(flow.do(warm_up("/"), restart), on=KeyError),
            flow.on_error(
                flow.do(drain, restart),
                {
                    KeyError: warm_up("/status"),
                    TimeoutError: flow.do(restart, restart),
                    OSError: None,
                },
            ),
            flow.on_error(flow.do(drain, restart), {KeyError: None, OSError: None}),
            flow.on_error(flow.do(drain, restart), flow.fallback_to(flow.sleep(5))),
            flow.recover_panics(flow.do(drain, restart)),
            flow.do(
                restart,
                flow.do(warm_up("/"), warm_up("/login")),
                flow.in_serial(flow.for_each(["/a", "/b"], warm_up), join_errors=True),
                join_errors=True,
            ),
            drain,
        ),
    )
