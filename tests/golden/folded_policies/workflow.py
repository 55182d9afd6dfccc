"""Retries that a loop builds, each with other numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Post:
    """What was sent."""

    letters: list[str] = field(init=False, default_factory=list)


@flow.step
def send(post: Post, to: int) -> None:
    """Send a letter."""
    post.letters.append(f"to {to}")


def insist(times: int) -> flow.Step[Post]:
    """Send a letter until it is taken."""
    return flow.ignore_error(flow.retry(send(times), flow.up_to(times)))


@flow.workflow
def send_letters() -> flow.Step[Post]:
    """Send letters."""
    return flow.do(
        # How often differs as the address does, and decides what a retry says.
        *(insist(times) for times in range(1, 9)),
        # Here it is the same in each turn.
        *(flow.retry(send(to), flow.up_to(2)) for to in range(10, 18)),
    )
