"""The deadline of the running step, on the monotonic clock, for `flow.remaining`."""

from __future__ import annotations

from contextvars import ContextVar

current_deadline: ContextVar[float | None] = ContextVar(
    "current_deadline", default=None
)
