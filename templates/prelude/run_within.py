"""The support definition of a branch that is one call, inside of a time limit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .time_limit import TimeLimit


def run_within(
    limit: TimeLimit, step: Callable[..., None], /, *args: Any, **keywords: Any
) -> None:
    """Run a step, unless the limit has passed before its turn comes."""
    limit.check()
    step(*args, **keywords)
