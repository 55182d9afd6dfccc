"""What is seen of a run: the names around a step, the log, and the trace.

They live in context variables: the branches of a parallel block run in copies of the
context that they were begun in, so each has names of its own.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from os import PathLike
from typing import Any

log = logging.getLogger("transpiler.interpret")

_names: ContextVar[tuple[str, ...]] = ContextVar("names", default=())
_traces: ContextVar[tuple[Callable[[dict[str, Any]], None], ...]] = ContextVar(
    "traces", default=()
)


def names() -> tuple[str, ...]:
    """Return the names of the parts around the running step, the outermost first."""
    return _names.get()


@contextmanager
def part(name: str) -> Iterator[None]:
    """Be inside a named part: note on an error where it was, and tell the traces."""
    path = (*_names.get(), name)
    before = _names.set(path)
    start, begun = datetime.now(UTC), time.monotonic()
    failure: dict[str, str] | None = None
    try:
        yield
    except BaseException as error:
        failure = {"type": type(error).__name__, "message": str(error)}
        if isinstance(error, Exception):
            error.add_note(f"in {name}")
        raise
    finally:
        _names.reset(before)
        event = {
            "names": path,
            "start": start.isoformat(timespec="microseconds"),
            "duration": round(time.monotonic() - begun, 6),
            "error": failure,
        }
        for write in _traces.get():
            write(event)


@contextmanager
def logged(level: int, title: str) -> Iterator[None]:
    """Log when a step starts and how it ends, under the names around it.

    `title` stands for them where there are none.
    """
    where = ".".join(_names.get()) or title
    begun = time.monotonic()
    log.log(level, "%s: started", where)
    try:
        yield
    except BaseException as error:
        seconds = time.monotonic() - begun
        log.log(level, "%s: failed after %.3f s: %r", where, seconds, error)
        raise
    log.log(level, "%s: finished in %.3f s", where, time.monotonic() - begun)


@contextmanager
def traced(to: str | PathLike[str]) -> Iterator[None]:
    """Write a line of JSON for each named part that ends inside, to a new file."""
    lock = threading.Lock()
    with open(to, "w", encoding="utf-8") as file:

        def write(event: dict[str, Any]) -> None:
            with lock:
                print(json.dumps(event), file=file, flush=True)

        before = _traces.set((*_traces.get(), write))
        try:
            yield
        finally:
            _traces.reset(before)
