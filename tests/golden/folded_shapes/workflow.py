"""Bring up a cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from transpiler import flow

ZONES = ["a", "b", "c", "d", "e", "f", "g", "h"]


@dataclass
class Cluster:
    """A cluster, and what was done to it."""

    users: list[str] = field(default_factory=lambda: ["ada", "bob"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def start(cluster: Cluster, node: str, weight: int = 1) -> None:
    """Start a node."""
    cluster.journal.append(f"start {node} with {weight}")


@flow.step
def stop(cluster: Cluster, node: str) -> None:
    """Stop a node."""
    cluster.journal.append(f"stop {node}")


@flow.predicate
def is_up(cluster: Cluster, node: str) -> bool:
    """Tell whether a node is up."""
    return f"start {node} with 1" in cluster.journal


@flow.extract
def list_users(cluster: Cluster) -> list[str]:
    """List the users."""
    return cluster.users


def ping(node: str) -> Callable[[Cluster], None]:
    """Make a step that pings a node."""

    def run(cluster: Cluster) -> None:
        """Ping the node."""
        cluster.journal.append(f"ping {node}")

    return run


def reserved(zone: str) -> Callable[[Cluster], bool]:
    """Make a predicate that tells whether a zone is a user's."""
    return lambda cluster: zone in cluster.users


def stop_all(number: int) -> flow.Step[Cluster]:
    """Stop the nodes of all users."""
    return flow.in_serial(
        flow.for_each(list_users, lambda user: stop(f"{user}{number}"))
    )


def shelf(number: int) -> flow.Step[Cluster]:
    """Bring up a shelf."""
    return flow.named(
        f"shelf {number}",
        flow.do(
            start(f"shelf-{number}", number),
            flow.when(is_up(f"shelf-{number}"), stop(f"shelf-{number}"), stop("spare")),
        ),
    )


@flow.workflow
def bring_up() -> flow.Step[Cluster]:
    """Bring up a cluster."""
    rack = []
    for row in range(8):
        for zone in ZONES:
            rack.append(start(f"{zone}{row}"))
        rack.append(stop(f"old{row}"))
    return flow.do(
        *rack,
        *[shelf(n) for n in range(1, 9)],
        *[
            flow.retry(start(f"slow-{n}", n), flow.up_to(3), flow.fixed_backoff(0.5))
            for n in range(1, 9)
        ],
        *[
            flow.on_error(start(f"odd{n}"), {KeyError: stop(f"odd{n}"), OSError: None})
            for n in range(8)
        ],
        *[flow.ensure(flow.ignore_error(start(z)), stop(z)) for z in ZONES],
        *[flow.with_timeout(10 * n, start(f"late-{n}")) for n in range(1, 9)],
        *[ping(f"{zone}0") for zone in ZONES],
        *[flow.unless(reserved(zone), stop(zone)) for zone in ZONES],
        flow.in_serial(
            flow.for_each(
                list_users,
                lambda user: flow.do(*[start(f"{user}-{zone}") for zone in ZONES]),
            )
        ),
        *map(stop_all, range(8)),
    )
