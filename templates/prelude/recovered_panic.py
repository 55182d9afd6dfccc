"""The support definition of `flow.RecoveredPanic`."""

from __future__ import annotations


class RecoveredPanic(Exception):
    """A step called sys.exit where that is a failure."""
