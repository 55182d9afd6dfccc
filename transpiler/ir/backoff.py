"""How a backoff grows, without ever overflowing, however many attempts there are."""

from __future__ import annotations

LONGEST = 1e9
"""Seconds (32 years) after which a delay grows no more; no float or clock overflows."""


def steps_until(base: float, multiplier: float, ceiling: float) -> int | None:
    """Return the first exponent at which `base * multiplier ** exponent >= ceiling`.

    None if it never gets there: the base is zero, or it does not grow.
    """
    if base <= 0 or multiplier <= 1:
        return None
    exponent = 0
    delay = base
    while delay < ceiling:
        exponent += 1
        delay = base * multiplier**exponent
    return exponent


def delay_before(base: float, multiplier: float, attempt: int) -> float:
    """Return the seconds to wait after a failed attempt; they count from 1.

    >>> delay_before(0.5, 2.0, 3)
    2.0
    """
    most = steps_until(base, multiplier, LONGEST)
    exponent = attempt - 1 if most is None else min(attempt - 1, most)
    return base * multiplier**exponent
