"""A constructor inside and outside of a limit."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Fleet:
    """Servers of a region."""

    region: str = "eu"
    servers: list[str] = field(default_factory=lambda: ["web-1", "web-2", "db-1"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def active_servers(fleet: Fleet) -> list[str]:
    """Ask the inventory."""
    return fleet.servers


@flow.step
def drain(fleet: Fleet, server: str) -> None:
    """Take a server out of the load balancer."""
    fleet.journal.append(f"drain {server}")


@flow.step
def install(fleet: Fleet, server: str) -> None:
    """Install the release."""
    fleet.journal.append(f"install on {server}")


@flow.step
def announce(fleet: Fleet, text: str = "done") -> None:
    """Tell everyone."""
    fleet.journal.append(text)


def upgrade(server: str) -> flow.Step[Fleet]:
    """Upgrade one server."""
    return flow.do(
        drain(server), install(server), install(f"{server}-spare"), announce(server)
    )


@flow.workflow
def roll_out() -> flow.Step[Fleet]:
    """Upgrade a canary in a minute, then the fleet."""
    return flow.do(
        flow.with_timeout(60, upgrade("canary")),
        flow.in_serial(flow.for_each(active_servers, upgrade)),
        flow.with_timeout(
            600, flow.in_parallel(flow.for_each(active_servers, upgrade))
        ),
    )
