"""The support definition of `flow.remaining`."""

from __future__ import annotations

import time

from .current_deadline import current_deadline


def remaining() -> float | None:
    """Return how many seconds the running step has left; None without a limit."""
    deadline = current_deadline.get()
    return None if deadline is None else max(0.0, deadline - time.monotonic())
