"""Retries with every kind of backoff."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from transpiler import flow

PATIENCE = 30


@dataclass
class Probe:
    """What was asked."""

    asked: list[str] = field(init=False, default_factory=list)


@flow.step
def ask(probe: Probe, what: str) -> None:
    """Ask for something."""
    probe.asked.append(what)


@flow.workflow
def ask_all() -> flow.Step[Probe]:
    """Ask for everything."""
    return flow.do(
        flow.retry(
            ask("full jitter"),
            flow.up_to(3),
            flow.exponential_backoff(0.5, jitter="full"),
        ),
        flow.retry(
            ask("some jitter"),
            flow.up_to(3),
            flow.exponential_backoff(1, jitter=0.2, max_delay=1.5),
        ),
        flow.retry(
            ask("fixed with jitter"),
            flow.up_to(3),
            flow.fixed_backoff(10, jitter=0.1, max_delay=10),
        ),
        flow.retry(
            ask("a cap"), flow.up_to(9), flow.exponential_backoff(1, max_delay=PATIENCE)
        ),
        flow.retry(
            ask("a low cap"), flow.up_to(3), flow.fixed_backoff(10, max_delay=5)
        ),
        flow.retry(
            ask("durations"),
            flow.up_to(4),
            flow.exponential_backoff(
                timedelta(milliseconds=250),
                multiplier=1.5,
                max_delay=timedelta(minutes=1),
            ),
        ),
        flow.retry(
            ask("a minute"), flow.up_to(2), flow.fixed_backoff(timedelta(0, 60))
        ),
        flow.retry(
            ask("many"),
            flow.up_to(5000),
            flow.exponential_backoff(0.001, max_delay=60),
        ),
        flow.retry(ask("very many"), flow.up_to(2_000), flow.exponential_backoff(1)),
        flow.retry(
            ask("many with jitter"),
            flow.up_to(200),
            flow.exponential_backoff(1, multiplier=3, jitter="full", max_delay=60),
        ),
        flow.retry(
            ask("shrinking"),
            flow.up_to(3),
            flow.exponential_backoff(8, multiplier=0.5),
        ),
    )
