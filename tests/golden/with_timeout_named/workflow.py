"""Names, logs and traces inside of a limit."""

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


@flow.predicate
def is_open(fleet: Fleet) -> bool:
    """Return whether it may be changed."""
    return fleet.region != "us"


@flow.workflow
def roll_out() -> flow.Step[Fleet]:
    """Upgrade a fleet in five minutes."""
    return flow.named(
        "everything",
        flow.with_timeout(
            300,
            flow.do(
                announce("begin"),
                flow.named("canary", flow.do(drain("canary"), install("canary"))),
                flow.with_logging(install("second")),
                flow.when(flow.named("open", is_open & ~is_open), announce("open")),
                flow.in_serial(
                    flow.named("servers", flow.for_each(active_servers, drain)),
                    join_errors=True,
                ),
                flow.in_parallel(
                    flow.named("servers", flow.for_each(active_servers, install)),
                    flow.named("other", flow.do(announce("a"), announce("b"))),
                ),
            ),
        ),
    )
