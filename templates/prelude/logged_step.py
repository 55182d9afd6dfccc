"""The support definition of `flow.with_logging` where no names are around."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from .log import log


@contextmanager
def logged(step: str, level: int = logging.INFO) -> Iterator[None]:
    """Log when a step starts and how it ends."""
    begun = time.monotonic()
    log.log(level, "%s: started", step)
    try:
        yield
    except BaseException as error:
        seconds = time.monotonic() - begun
        log.log(level, "%s: failed after %.3f s: %r", step, seconds, error)
        raise
    log.log(level, "%s: finished in %.3f s", step, time.monotonic() - begun)
