"""Loops with a condition."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Queue:
    """A queue of jobs, and the lock that guards it."""

    jobs: list[str] = field(default_factory=lambda: ["resize", "rename"])
    locked: int = 2
    done: list[str] = field(init=False, default_factory=list)


@flow.predicate
def is_empty(queue: Queue) -> bool:
    """Look whether there are jobs."""
    return not queue.jobs


@flow.predicate
def is_locked(queue: Queue) -> bool:
    """Ask for the lock, which somebody gives back soon."""
    queue.locked -= 1
    return queue.locked > 0


@flow.step
def work(queue: Queue) -> None:
    """Do the next job."""
    queue.done.append(queue.jobs.pop())


@flow.step
def knock(queue: Queue) -> None:
    """Tell whoever has the lock that somebody waits."""
    queue.done.append("knock")


@flow.workflow
def drain_queue() -> flow.Step[Queue]:
    """Work until the queue is empty."""
    return flow.do(
        # Whoever has it gives it back soon.
        flow.while_(is_locked, flow.do(knock, flow.sleep(0.05))),
        flow.until(is_empty, work),
        flow.while_(lambda queue: len(queue.done) < 3, knock),
        flow.until(
            flow.or_(is_empty, ~flow.and_(is_locked)),
            flow.while_(flow.not_(is_empty), work),
        ),
        flow.while_(is_locked, flow.do()),
    )
