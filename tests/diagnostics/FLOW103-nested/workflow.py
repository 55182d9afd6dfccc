"""Set up a database."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    name: str = "orders"
    users: list[str] = field(default_factory=list)


@dataclass
class Fleet:
    """Servers, which are another thing."""

    servers: list[str] = field(default_factory=list)


@flow.step
def drain(fleet: Fleet) -> None:
    """Take the servers out of the load balancer."""
    fleet.servers.clear()


@flow.step
def create_user(spec: Spec, username: str) -> None:
    """Create a user."""
    spec.users.append(username)


def set_up(username: str) -> flow.Step[Spec]:
    """Set a user up."""
    return flow.do(create_user(username))


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        set_up("app"),
        flow.retry(flow.do(drain()), flow.up_to(3)),
    )
