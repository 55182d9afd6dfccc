"""Branches that hold the same lock, whatever they call it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from transpiler import flow

COUNTING = threading.Lock()
SAME = COUNTING


@dataclass
class Stats:
    """A part of the state with a lock of its own."""

    hits: int = 0
    turn: threading.Lock = field(init=False, default_factory=threading.Lock)

    def hit(self) -> None:
        """Count, with the lock."""
        with self.turn:
            self.hits += 1

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock."""
        with self.turn:
            yield


@dataclass
class Shop:
    """What the branches share."""

    count: int = 0
    sizes: dict[str, int] = field(default_factory=dict)
    stats: Stats = field(default_factory=Stats)
    reading: threading.Lock = field(init=False, default_factory=threading.Lock)
    writing: threading.Lock = field(init=False, default_factory=threading.Lock)


@flow.step
def count(shop: Shop) -> None:
    """Hold one lock."""
    with shop.reading:
        shop.count += 1


@flow.step
def count_with_both(shop: Shop) -> None:
    """Hold it, and another."""
    with shop.writing, shop.reading:
        shop.count += 1


@flow.step
def count_by_alias(shop: Shop) -> None:
    """Hold it by another name."""
    turn = shop.reading
    with turn:
        shop.count += 1


@flow.step
def count_by_hand(shop: Shop) -> None:
    """Take it by hand."""
    shop.reading.acquire()
    try:
        shop.count += 1
    finally:
        shop.reading.release()


@flow.step
def hit(shop: Shop) -> None:
    """Let a method take the lock."""
    shop.stats.hit()


@flow.step
def hit_here(shop: Shop) -> None:
    """Take the same lock outside of its class."""
    with shop.stats.turn:
        shop.stats.hits += 1


@flow.step
def hit_managed(shop: Shop) -> None:
    """Hold what can't be told, but is called a lock."""
    with shop.stats.locked():
        shop.stats.hits += 1


@flow.step
def measure(shop: Shop) -> None:
    """Hold a lock of the module."""
    with COUNTING:
        shop.sizes["all"] += 1


@flow.step
def measure_again(shop: Shop) -> None:
    """Hold the same lock."""
    with SAME:
        shop.sizes["all"] += 1


@flow.workflow
def one_lock() -> flow.Step[Shop]:
    """Lock enough."""
    return flow.do(
        flow.in_parallel(count, count_with_both, count_by_alias, count_by_hand),
        flow.in_parallel(hit, hit_here, hit_managed),
        flow.in_parallel(measure, measure_again),
    )
