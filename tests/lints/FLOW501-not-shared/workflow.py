"""Branches that change parts of the state of their own, or take turns."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Server:
    """A server."""

    name: str = ""
    load: float = 0.0


@dataclass
class Fleet:
    """Servers, and what is known of them."""

    servers: list[Server] = field(default_factory=lambda: [Server("a"), Server("b")])
    count: int = 0
    done: bool = False
    names: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    sizes: dict[str, int] = field(default_factory=dict)
    chosen: str = ""
    left: int = 0
    right: int = 0
    turn: threading.Lock = field(init=False, default_factory=threading.Lock)


@flow.step
def count_up(fleet: Fleet) -> None:
    """Count, one at a time: the annotation says that this is a lock."""
    with fleet.turn:
        fleet.count += 1


@flow.step
def count_by_hand(fleet: Fleet) -> None:
    """Count, with the lock taken by hand."""
    fleet.turn.acquire()
    try:
        add_one(fleet)
    finally:
        fleet.turn.release()


def add_one(fleet: Fleet) -> None:
    """Add one; whoever calls this has the lock."""
    fleet.count += 1


@flow.step
def mark(fleet: Fleet) -> None:
    """Every branch sets the same."""
    fleet.done = True


@flow.step
def collect(fleet: Fleet, name: str) -> None:
    """Appending, and adding to a set, are one step for Python."""
    fleet.names.append(name)
    fleet.names += [name]
    fleet.seen.add(name)
    fleet.seen |= {name}


@flow.step
def measure(fleet: Fleet, name: str) -> None:
    """A key for each item."""
    fleet.sizes[name] = fleet.sizes.get(name, 0) + 1
    local = fleet.count
    local += 1


@flow.step
def choose(fleet: Fleet, name: str) -> None:
    """Choose a server; the same one in each branch."""
    fleet.chosen = name


@flow.step
def to_the_left(fleet: Fleet) -> None:
    """One field."""
    fleet.left += 1


@flow.step
def to_the_right(fleet: Fleet) -> None:
    """Another field."""
    fleet.right += 1


@flow.step
def balance(server: Server) -> None:
    """On the item's own server."""
    server.load += 1.0


@flow.step
def rebind(fleet: Fleet) -> None:
    """The state's name is bound to something else."""
    fleet = Fleet()
    fleet.count += 1


@flow.extract
@contextmanager
def copied(fleet: Fleet) -> Iterator[Fleet]:
    """Open a copy."""
    yield Fleet()


@flow.step
def add_unlocked(fleet: Fleet) -> None:
    """Count without a lock: for where nothing else runs."""
    fleet.count += 1


@flow.workflow
def provision() -> flow.Step[Fleet]:
    """Provision it."""
    names = ["a", "b"]
    return flow.do(
        flow.in_parallel(count_up, count_by_hand, count_by_hand),
        flow.in_parallel(mark, mark, to_the_left, to_the_right),
        flow.in_parallel(flow.for_each(names, lambda name: collect(name))),
        flow.in_parallel(flow.for_each(names, lambda name: measure(name))),
        flow.in_parallel(measure("a"), measure("b")),
        flow.in_parallel(choose("a"), choose("a")),
        flow.in_parallel(
            flow.for_each(
                range(2),
                lambda n: flow.spawn(lambda fleet: fleet.servers[n], balance),
            )
        ),
        flow.in_parallel(rebind, rebind),
        flow.in_parallel(
            flow.using(copied(), add_unlocked), flow.using(copied(), add_unlocked)
        ),
        # One after the other.
        flow.in_parallel(add_unlocked, add_unlocked, limit=1),
        flow.in_parallel(flow.do(add_unlocked, add_unlocked)),
        flow.in_parallel(flow.for_each(["only"], lambda name: add_unlocked())),
        flow.in_serial(flow.for_each(names, lambda name: add_unlocked())),
        add_unlocked,
    )
