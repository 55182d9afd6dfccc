"""The traces that named parts are written to."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

# What writes a named part to a file, for each trace that the running step is in.
traces: ContextVar[tuple[Callable[[dict[str, object]], None], ...]] = ContextVar(
    "traces", default=()
)
