"""Decisions of random workflows that hypothesis makes, so that it can shrink them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")


class Drawn:
    """Lets hypothesis decide, so that it can look for a smaller workflow."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def choice(self, among: Sequence[T], /) -> T:
        """Return one of some."""
        return self._data.draw(st.sampled_from(among))
