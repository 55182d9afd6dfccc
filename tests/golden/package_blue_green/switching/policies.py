"""How patient we are."""

from __future__ import annotations

from collections.abc import Sequence

from transpiler import flow

from .model import Stack

SECOND = 0.01
GENTLE: Sequence[flow.Policy] = (
    flow.up_to(3),
    flow.exponential_backoff(SECOND, max_delay=5 * SECOND),
)


def gently(step: flow.Step[Stack]) -> flow.Step[Stack]:
    """Try again a few times."""
    return flow.retry(step, *GENTLE, on=ConnectionError)


def in_time(step: flow.Step[Stack], seconds: float = 60) -> flow.Step[Stack]:
    """No step may take longer."""
    return flow.with_timeout(seconds, step)
