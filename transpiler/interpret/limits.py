"""Time limits: once one has passed, nothing more starts inside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Limit:
    """A moment on the monotonic clock, and the errors that it has made by now.

    Those are not for anyone inside to handle; whoever is outside may.
    """

    deadline: float
    message: str
    monotonic: Callable[[], float]
    raised: list[BaseException] = field(default_factory=list)

    @property
    def left(self) -> float:
        """How many seconds are left; 0 or less once it has passed."""
        return self.deadline - self.monotonic()

    def check(self) -> None:
        """Raise TimeoutError if it has passed."""
        if self.monotonic() >= self.deadline:
            error = TimeoutError(self.message)
            self.raised.append(error)
            raise error

    def let_pass(self, errors: Sequence[BaseException]) -> None:
        """Raise its own error instead of joining it; the others become its cause.

        A process exit is more: with one among them they are joined after all.
        """
        own = [error for error in errors if error in self.raised]
        others = [error for error in errors if error not in self.raised]
        if not own or not all(isinstance(error, Exception) for error in others):
            return
        if others:
            raise own[0] from BaseExceptionGroup("other errors", others)
        raise own[0]


_limit: ContextVar[Limit | None] = ContextVar("limit", default=None)


@contextmanager
def limited_by(limit: Limit | None) -> Iterator[None]:
    """Let `remaining()` tell the time to a limit, or that there is none."""
    before = _limit.set(limit)
    try:
        yield
    finally:
        _limit.reset(before)


def remaining() -> float | None:
    """Return how many seconds the running step has left; None without a limit.

    A running step is not interrupted: one that takes long asks this, and passes it on,
    as the timeout of a request for example. It is never below 0.
    """
    limit = _limit.get()
    return None if limit is None else max(0.0, limit.left)
