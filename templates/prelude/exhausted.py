"""The support definition of `flow.Exhausted`."""

from __future__ import annotations


class Exhausted(Exception):
    """There is nothing more to collect."""
