"""A limit around what is too deep for one function."""

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


@flow.workflow
def roll_out() -> flow.Step[Fleet]:
    """Upgrade a fleet in five minutes."""
    return flow.with_timeout(
        300,
        flow.in_serial(
            flow.for_each(
                active_servers,
                lambda server: flow.repeat(
                    2,
                    flow.when(
                        lambda fleet: fleet.region == "eu",
                        flow.ignore_error(
                            flow.retry(
                                flow.do(drain(server), install(server)),
                                flow.up_to(2),
                                on=KeyError,
                            )
                        ),
                    ),
                ),
            )
        ),
    )
