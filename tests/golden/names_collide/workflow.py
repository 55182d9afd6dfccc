"""Names that the script would like to have for itself."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from transpiler import flow

branches = ["one", "two"]
finished = "done"
logger = logging.getLogger("names")


@dataclass
class State:
    """A state whose type has an ordinary name."""

    replica: bool = False
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def time(state: State) -> None:
    """Read the clock."""
    state.journal.append("time")


@flow.step
def wait(state: State, error: str) -> None:
    """Wait."""
    state.journal.append(f"wait {error}")


@flow.step
def log(state: State) -> None:
    """Measure a log."""
    state.journal.append("log")


@flow.step
def main(state: State) -> None:
    """Open the main valve."""
    state.journal.append("main")


@flow.step
def attempt(state: State, delay: int) -> None:
    """Attempt it."""
    state.journal.append(f"attempt {delay}")


@flow.step
def named(state: State, pool: str) -> None:
    """Be named."""
    state.journal.append(f"named {pool}")


@flow.step
def sys(state: State) -> None:
    """Be a system."""
    state.journal.append(finished)


@flow.extract
def argparse(state: State) -> list[str]:
    """Parse arguments."""
    return branches


def pool(state: State) -> None:
    """Be a pool."""
    state.journal.append("pool")


@flow.workflow
def collide() -> flow.Step[State]:
    """Use every name there is."""
    return flow.do(
        time,
        log(),
        main,
        flow.retry(
            attempt(delay=3),
            flow.up_to(2),
            flow.exponential_backoff(1, jitter="full"),
        ),
        flow.retry(attempt(1), flow.up_to(2), flow.fixed_backoff(1)),
        flow.ignore_error(wait("no error")),
        flow.in_parallel(wait("a"), pool, flow.for_each(branches, named)),
        flow.in_serial(
            flow.for_each(argparse, lambda error: wait(error)),
            flow.for_each(argparse, lambda wait: named(wait)),
            flow.for_each(argparse, lambda attempt: named(attempt)),
        ),
        flow.named("named", sys),
    )
