"""How a backoff grows, without ever overflowing, however many attempts there are."""

from __future__ import annotations

from math import ceil, log

LARGEST = 1e300
"""What a power may grow to; well below the largest float."""

LONGEST = 1e9
"""Seconds (32 years) after which a delay grows no more; no float or clock overflows."""


def steps_until(base: float, multiplier: float, ceiling: float) -> int | None:
    """Return the first exponent at which `base * multiplier ** exponent >= ceiling`.

    None if it never gets there: the base is zero, or it does not grow. Where the power
    is no float before that, the last exponent at which it is one.
    """
    if base <= 0 or multiplier <= 1:
        return None
    last = int(log(LARGEST) / log(multiplier))
    # One less, as logarithms are not exact.
    exponent = ceil((log(ceiling) - log(base)) / log(multiplier)) - 1
    exponent = min(max(0, exponent), last)
    while exponent < last and base * multiplier**exponent < ceiling:
        exponent += 1
    return exponent


def delay_before(base: float, multiplier: float, attempt: int) -> float:
    """Return the seconds to wait after a failed attempt; they count from 1.

    >>> delay_before(0.5, 2.0, 3)
    2.0
    """
    if base == 0:
        return base
    most = steps_until(base, multiplier, LONGEST)
    exponent = attempt - 1 if most is None else min(attempt - 1, most)
    return base * multiplier**exponent
