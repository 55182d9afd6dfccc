"""What capture has to know of the values that authors build, whatever their kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self


class Built:
    """A part of a workflow: an IR node in the author's hands."""

    __slots__ = ()

    def made_by(self, wrap: Callable[[Any], Any]) -> Self:
        """Return this part with its node wrapped by the constructor that made it."""
        return self


class Leaf:
    """A decorated function: its arguments are values, never steps."""
