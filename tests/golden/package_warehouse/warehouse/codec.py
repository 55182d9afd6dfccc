"""How rows are written, with the fastest library that is there."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

try:
    import ujson_of_a_better_world as json  # type: ignore[import-not-found]
except ImportError:
    import json

T = TypeVar("T")

if sys.version_info >= (3, 12):
    from itertools import batched
else:

    def batched(values: Iterable[T], n: int) -> Iterator[tuple[T, ...]]:
        """Yield so many values at a time."""
        every = list(values)
        for start in range(0, len(every), n):
            yield tuple(every[start : start + n])


EPOCH = datetime(2024, 1, 1, tzinfo=UTC)


def encode(row: dict[str, Any]) -> str:
    """Write a row."""
    text: str = json.dumps(row, sort_keys=True)
    return text


def stamp() -> str:
    """Say when the warehouse was founded."""
    digits = batched(EPOCH.strftime("%Y%m%d"), 4)
    return " ".join("".join(each) for each in digits)
