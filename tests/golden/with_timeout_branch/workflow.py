"""Limits inside of threads."""

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
    """Upgrade one server in half a minute."""
    return flow.with_timeout(30, flow.do(drain(server), flow.sleep(5), install(server)))


@flow.workflow
def roll_out() -> flow.Step[Fleet]:
    """Upgrade a fleet, and try each server twice."""
    return flow.do(
        flow.in_parallel(
            flow.for_each(
                active_servers,
                lambda server: flow.retry(
                    upgrade(server), flow.up_to(2), on=TimeoutError
                ),
            ),
            join_errors=True,
        ),
        flow.in_parallel(
            flow.with_timeout(10, flow.do(announce("soon"), announce("now"))),
            announce("elsewhere"),
        ),
    )
