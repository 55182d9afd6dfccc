"""Limits, cleanups and resources."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Store:
    """Where files are kept."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
@contextmanager
def open_share(store: Store, name: str) -> Iterator[Store]:
    """Mount a share."""
    store.journal.append(f"mount {name}")
    try:
        yield store
    finally:
        store.journal.append(f"unmount {name}")


@flow.step
def copy(store: Store, path: str) -> None:
    """Copy a file."""
    store.journal.append(f"copy {path}")


@flow.step
def unlock(store: Store) -> None:
    """Give the lock back."""
    store.journal.append("unlock")


@flow.step
def clean_up(store: Store) -> None:
    """Remove what is half done."""
    store.journal.append("clean up")


@flow.workflow
def back_up() -> flow.Step[Store]:
    """Copy everything in ten minutes."""
    return flow.do(
        flow.with_timeout(
            600,
            flow.do(
                copy("index"),
                flow.ensure(
                    flow.do(copy("a"), flow.using(open_share("old"), copy("b"))),
                    flow.do(unlock, flow.retry(clean_up, flow.up_to(2))),
                ),
                flow.using(
                    open_share("new"),
                    flow.using(open_share("newer"), flow.do(copy("c"), copy("d"))),
                ),
                copy("e"),
            ),
        ),
        flow.ensure(
            flow.with_timeout(5, flow.do(copy("f"), copy("g"))),
            flow.with_timeout(10, flow.do(unlock, clean_up)),
        ),
    )
