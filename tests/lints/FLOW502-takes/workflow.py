"""Steps that take something out of the state, and are tried again."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Queue:
    """What is to be done."""

    waiting: deque[str] = field(default_factory=deque)
    names: list[str] = field(default_factory=list)
    by_name: dict[str, str] = field(default_factory=dict)


def send(text: str) -> None:
    """Send a text, or fail."""


@flow.step
def send_next(queue: Queue) -> None:
    """Take one; what fails is lost."""
    send(queue.waiting.popleft())


@flow.step
def send_first(queue: Queue) -> None:
    """Take one by its place."""
    name = queue.names.pop(0)
    send(name)


@flow.step
def drop(queue: Queue) -> None:
    """What has been taken out by its key stays out."""
    queue.by_name.pop("old", None)
    send("old")


@flow.step
def drop_last(queue: Queue) -> None:
    """Nothing that follows can fail."""
    queue.names.pop()


@flow.workflow
def work_off() -> flow.Step[Queue]:
    """Work it off."""
    return flow.do(
        flow.retry(send_next),
        flow.retry(send_first),
        flow.retry(drop),
        flow.retry(drop_last),
    )
