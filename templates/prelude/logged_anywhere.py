"""The support definition of `flow.with_logging` where only some have names around."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .log import log
from .names_around import names_around


@contextmanager
def logged(step: str = "", level: int = logging.INFO) -> Iterator[None]:
    """Log when a step starts and how it ends, under the names around it if any."""
    where = ".".join(names_around.get()) or step
    begun = time.monotonic()
    log.log(level, "%s: started", where)
    try:
        yield
    except BaseException as error:
        seconds = time.monotonic() - begun
        log.log(level, "%s: failed after %.3f s: %r", where, seconds, error)
        raise
    log.log(level, "%s: finished in %.3f s", where, time.monotonic() - begun)
