"""The support definition of `flow.named` where parts are traced."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from .names_around import names_around
from .traces import traces


@contextmanager
def named(name: str) -> Iterator[None]:
    """Put a name around what runs inside, note it on an error, and trace it."""
    path = (*names_around.get(), name)
    before = names_around.set(path)
    start, begun = datetime.now(UTC), time.monotonic()
    failure = None
    try:
        yield
    except BaseException as error:
        failure = {"type": type(error).__name__, "message": str(error)}
        if isinstance(error, Exception):
            error.add_note(f"in {name}")
        raise
    finally:
        names_around.reset(before)
        part = {
            "names": path,
            "start": start.isoformat(timespec="microseconds"),
            "duration": round(time.monotonic() - begun, 6),
            "error": failure,
        }
        for write in traces.get():
            write(part)
