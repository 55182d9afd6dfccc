"""Functions that decide about errors, inside of a limit."""

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


def decide(server: Server, error: Exception) -> flow.Step[Server] | None:
    """Decide what to do about an error."""
    if isinstance(error, KeyError):
        return warm_up("/key")
    if server.ready:
        return None
    return flow.do(restart, drain)


def give_up(server: Server, error: Exception) -> flow.Step[Server]:
    """Raise what comes after it."""
    if isinstance(error, OSError):
        raise RuntimeError("no network")
    return flow.sleep(5)


@flow.workflow
def upgrade() -> flow.Step[Server]:
    """Upgrade a server in a minute."""
    return flow.with_timeout(
        60,
        flow.do(
            flow.on_error(flow.do(drain, restart), decide),
            flow.on_error(drain, give_up),
            warm_up("/"),
            flow.in_parallel(flow.on_error(restart, decide), drain),
        ),
    )
