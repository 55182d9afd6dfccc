"""Branches that run at once change the same part of the state."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

MAIN = "main"


@dataclass
class Fleet:
    """Servers, and what is known of them."""

    servers: list[str] = field(default_factory=lambda: ["a", "b"])
    count: int = 0
    total: float = 0.0
    last: str = ""
    sizes: dict[str, int] = field(default_factory=dict)
    report: dict[str, dict[str, int]] = field(default_factory=dict)


@flow.step
def count_up(fleet: Fleet) -> None:
    """Count a server."""
    fleet.count += 1


@flow.step
def add(fleet: Fleet, amount: float) -> None:
    """Add to the total."""
    fleet.total = fleet.total + amount


@flow.step
def remember(fleet: Fleet, server: str) -> None:
    """Remember the server."""
    fleet.last = server


@flow.step
def measure(fleet: Fleet, disk: str, size: int) -> None:
    """Note the size of a disk."""
    fleet.sizes[disk] = fleet.sizes.get(disk, 0) + size


@flow.step
def measure_main(fleet: Fleet) -> None:
    """Note the size of the main disk."""
    sizes = fleet.sizes
    sizes[MAIN] = 5


@flow.step
def reset(fleet: Fleet) -> None:
    """Begin anew."""
    fleet.report = {}


@flow.step
def begin(fleet: Fleet, server: str) -> None:
    """Begin the report of a server."""
    fleet.report["today"] = {server: 1}


@flow.consume
def take(fleet: Fleet, name: str) -> None:
    """Take the first server out of the list."""
    first, *fleet.servers = fleet.servers


def both(step: flow.Step[Fleet]) -> flow.Step[Fleet]:
    """Run a step in a block, beside one that does nothing to the state."""
    return flow.in_parallel(step, flow.sleep(1))


@flow.workflow
def provision() -> flow.Step[Fleet]:
    """Provision it."""
    return flow.do(
        # Two branches.
        flow.in_parallel(count_up, flow.do(flow.sleep(1), count_up)),
        # A branch for each item.
        flow.in_parallel(
            flow.for_each(lambda fleet: fleet.servers, lambda server: remember(server))
        ),
        # Branches that a Python loop made, deep inside of other combinators.
        flow.in_parallel(
            *[
                flow.named(f"add {n}", flow.when(lambda fleet: True, add(n)))
                for n in (1.0, 2.0)
            ]
        ),
        # One key, given in two ways.
        flow.in_parallel(measure("main", 4), measure_main),
        # What the other one writes into is replaced.
        flow.in_parallel(reset, begin("a")),
        # A block in a branch of another one.
        flow.in_parallel(
            both(flow.with_(flow.value("x"), take)),
            both(flow.with_(flow.value("y"), take)),
        ),
    )
