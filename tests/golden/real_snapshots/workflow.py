"""Copy the shards of a store from snapshots."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from transpiler import flow

SHARDS = 3


@dataclass
class Store:
    """A store."""

    shards: int = SHARDS
    log: list[str] = field(default_factory=list)


class Snapshot:
    """A snapshot that closes itself."""

    def __init__(self, store: Store, name: str) -> None:
        self.store = store
        self.name = name

    def __enter__(self) -> Self:
        self.store.log.append(f"open {self.name}")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.store.log.append(f"close {self.name}")

    def close(self) -> None:
        """Close it."""
        self.store.log.append(f"closed {self.name}")


@flow.extract
def snapshot(store: Store, name: str) -> Snapshot:
    """Take a snapshot."""
    return Snapshot(store, name)


@flow.extract
def shards(store: Store) -> range:
    """Number the shards."""
    return range(store.shards)


@flow.step
def copy(snapshot: Snapshot, shard: int, to: Path) -> None:
    """Copy a shard."""
    if shard == 1 and "stumbled" not in snapshot.store.log:
        snapshot.store.log.append("stumbled")
        sys.exit(3)
    snapshot.store.log.append(f"copy {shard} to {to}")


@flow.step
def verify(snapshot: Snapshot, shard: int) -> None:
    """Verify a shard."""


@flow.step
def publish(store: Store, name: str, *parts: str, final: bool = False) -> None:
    """Publish."""
    store.log.append(f"publish {name} {parts} {final}")


@flow.predicate
def has_shards(store: Store, more_than: int) -> bool:
    """Whether there are more."""
    return store.shards > more_than


@flow.extract
def sizes(snapshot: Snapshot) -> list[list[int]]:
    """List sizes."""
    return [[1, 2], [3]]


@flow.transform
def doubled(snapshot: Snapshot, size: int, by: int = 2) -> int:
    """Double."""
    return size * by


@flow.consume
def record(snapshot: Snapshot, size: int) -> None:
    """Record."""
    snapshot.store.log.append(f"{size}")


def copy_shard(shard: int) -> flow.Step[Snapshot]:
    """Copy and verify one shard."""
    return flow.named(
        f"shard {shard}",
        flow.do(
            flow.named("copy", copy(shard, Path("/backup") / f"{shard}.db")),
            flow.named("verify", verify(shard)),
        ),
    )


@flow.extract
def shard_numbers(snapshot: Snapshot) -> list[int]:
    """Number the shards."""
    return list(range(snapshot.store.shards))


@flow.workflow
def back_up_store(prefix: str = "nightly", keep: int = 2) -> flow.Step[Store]:
    """Back up a store."""
    name = f"{prefix}-snapshot"
    return flow.do(
        flow.retry(
            flow.recover_panics(
                flow.using(
                    snapshot(name),
                    flow.in_parallel(
                        flow.named(
                            "the shards", flow.for_each(shard_numbers, copy_shard)
                        ),
                        limit=keep,
                    ),
                )
            ),
            flow.only_if(lambda error: isinstance(error, flow.RecoveredPanic)),
            flow.up_to(2),
        ),
        flow.switch(
            lambda store: store.shards % 2,
            {
                0: publish(name, "even"),
                1: flow.spawn(
                    snapshot(f"{prefix}-odd"),
                    flow.with_(
                        sizes,
                        flow.feed(
                            flow.flatten,
                            flow.render(flow.chain(doubled(by=keep), doubled)),
                            flow.apply(record),
                        ),
                    ),
                ),
            },
        ),
        flow.in_serial(
            flow.for_each(
                [("a", 1), ("b", 2)],
                lambda pair: flow.when(
                    has_shards(more_than=pair[1]) & (lambda store: bool(store.log)),
                    publish(pair[0], *("x", "y"), final=pair[1] > 1),
                    otherwise=flow.while_(
                        flow.and_(has_shards(pair[1]), flow.not_(has_shards(0))),
                        publish(pair[0]),
                    ),
                ),
            )
        ),
    )
