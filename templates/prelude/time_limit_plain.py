"""The support definition of time limits whose error nothing inside could handle."""

from __future__ import annotations

import time


class TimeLimit:
    """Once it has passed, nothing more starts."""

    def __init__(self, seconds: float, message: str = "") -> None:
        self.deadline = time.monotonic() + seconds
        self.message = message or f"not done within {seconds} s"

    def check(self) -> None:
        """Raise TimeoutError if it has passed."""
        if time.monotonic() >= self.deadline:
            raise TimeoutError(self.message)

    def sleep(self, seconds: float) -> None:
        """Sleep, but no longer than to the limit."""
        time.sleep(max(0, min(seconds, self.deadline - time.monotonic())))
        self.check()
