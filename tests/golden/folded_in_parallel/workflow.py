"""Copy the shards of a database."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Copy:
    """What was copied."""

    done: set[str] = field(init=False, default_factory=set)


@flow.step
def copy_shard(copy: Copy, shard: str, number: int) -> None:
    """Copy a shard."""
    copy.done.add(f"{shard} {number}")


@flow.step
def verify(copy: Copy, number: int) -> None:
    """Compare a shard with its copy."""
    copy.done.add(f"verified {number}")


def move(number: int) -> flow.Step[Copy]:
    """Copy a shard, then compare."""
    return flow.do(copy_shard("moved", number), flow.retry(verify(number)))


@flow.workflow
def copy_shards() -> flow.Step[Copy]:
    """Copy all shards, some at a time."""
    return flow.do(
        flow.in_parallel(*[copy_shard(f"shard_{i:02}", i) for i in range(12)], limit=4),
        flow.in_parallel(
            verify(100),
            # Nobody knows how large these are.
            flow.steps(*[copy_shard("old", 7 * i * i) for i in range(8)]),
            *[flow.retry(verify(i)) for i in range(20, 28)],
            *[verify(i) for i in range(7)],
        ),
        flow.in_parallel(*[move(n * n) for n in range(9)], join_errors=True),
    )
