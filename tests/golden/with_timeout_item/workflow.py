"""Limits that a loop item says."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass(frozen=True)
class Task:
    """Something to do in so many seconds."""

    name: str
    seconds: float


@dataclass
class Queue:
    """What is to be done, and what is."""

    done: list[str] = field(init=False, default_factory=list)


@flow.step
def begin(queue: Queue, name: str) -> None:
    """Begin a task."""
    queue.done.append(f"begin {name}")


@flow.step
def finish(queue: Queue, name: str) -> None:
    """Finish a task."""
    queue.done.append(f"finish {name}")


TASKS = [Task("short", 0), Task("longer", 2.5), Task("long", 10)]


@flow.workflow
def work() -> flow.Step[Queue]:
    """Do all that can be done in time."""
    return flow.in_serial(
        flow.for_each(
            TASKS,
            lambda task: flow.ignore_error(
                flow.with_timeout(
                    task.seconds, flow.do(begin(task.name), finish(task.name))
                )
            ),
        )
    )
