"""Branches that hold locks, but not the same one; and other ways to write."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from transpiler import flow

COUNTING = threading.Lock()
LOGGING = threading.Lock()


@dataclass
class Shop:
    """What the branches share."""

    count: int = 0
    total: float = 0.0
    best: int = 0
    last: str = ""
    open: bool = False
    sizes: dict[str, int] = field(default_factory=dict)
    reading: threading.Lock = field(init=False, default_factory=threading.Lock)
    writing: threading.Lock = field(init=False, default_factory=threading.Lock)


@flow.step
def count_reads(shop: Shop) -> None:
    """Count under one lock."""
    with shop.reading:
        shop.count += 1


@flow.step
def count_writes(shop: Shop) -> None:
    """Count under the other."""
    with shop.writing:
        shop.count += 1


@flow.step
def add(shop: Shop) -> None:
    """Add without a lock."""
    shop.total = shop.total + 1


@flow.step
def add_locked(shop: Shop) -> None:
    """Add with a lock, which the other one does not take."""
    with shop.writing:
        shop.total += 1


@flow.step
def keep_best(shop: Shop, number: int) -> None:
    """Lock nobody out: each has a lock of its own."""
    with threading.Lock():
        shop.best = max(shop.best, number)


@flow.step
def measure(shop: Shop) -> None:
    """Hold one lock of the module."""
    with COUNTING:
        shop.sizes["all"] += 1


@flow.step
def measure_again(shop: Shop) -> None:
    """Hold another one."""
    LOGGING.acquire()
    shop.sizes["all"] += 1
    LOGGING.release()


@flow.step
def swap(shop: Shop) -> None:
    """Set two at once."""
    shop.last, shop.open = "x", not shop.open


@flow.step
def set_last(shop: Shop) -> None:
    """Set one by its name."""
    setattr(shop, "last", "y")  # noqa: B010  # so it is written here and there


@flow.workflow
def locks() -> flow.Step[Shop]:
    """Lock too little."""
    return flow.do(
        flow.in_parallel(count_reads, count_writes),
        flow.in_parallel(add, add_locked),
        flow.in_parallel(flow.for_each([1, 2], keep_best)),
        flow.in_parallel(measure, measure_again),
        flow.in_parallel(swap, set_last),
        flow.in_parallel(swap, swap),
    )
