"""The support definition of join_errors inside of a time limit."""

from __future__ import annotations

from collections.abc import Sequence

from .time_limit import TimeLimit


def let_pass(limit: TimeLimit, errors: Sequence[BaseException]) -> None:
    """Raise the limit's own error instead of joining it; others become its cause."""
    own = [error for error in errors if error in limit.raised]
    others = [error for error in errors if error not in limit.raised]
    if not own or not all(isinstance(error, Exception) for error in others):
        return
    if others:
        raise own[0] from BaseExceptionGroup("other errors", others)
    raise own[0]
