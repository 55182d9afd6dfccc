"""Branches that are compositions themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Depot:
    """A depot of goods."""

    urgent: bool = False
    moved: set[str] = field(init=False, default_factory=set)


@flow.step
def unload(depot: Depot, truck: str) -> None:
    """Empty a truck."""
    depot.moved.add(f"unload {truck}")


@flow.step
def store(depot: Depot, truck: str, shelf: int) -> None:
    """Put what came on a truck on a shelf."""
    depot.moved.add(f"store {truck} {shelf}")


@flow.step
def count(depot: Depot) -> None:
    """Take stock."""
    depot.moved.add("count")


@flow.workflow
def receive_trucks() -> flow.Step[Depot]:
    """Receive trucks at both doors at once."""
    return flow.do(
        flow.in_parallel(
            flow.do(unload("north"), store("north", 1)),
            flow.named("south door", flow.do(unload("south"), store("south", 2))),
            flow.when(lambda depot: depot.urgent, count()),
        ),
        flow.in_serial(
            flow.for_each(
                [3, 4],
                lambda shelf: flow.in_parallel(
                    flow.do(unload("east"), store("east", shelf)),
                    store("west", shelf),
                ),
            ),
        ),
    )
