"""The support definition of time limits that `flow.remaining` tells about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .current_deadline import current_deadline
from .time_limit import TimeLimit


@contextmanager
def limited_by(limit: TimeLimit | None) -> Iterator[None]:
    """Let `remaining()` tell the time to a limit, or that there is none."""
    before = current_deadline.set(limit.deadline if limit else None)
    try:
        yield
    finally:
        current_deadline.reset(before)
