"""The state."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class Color(StrEnum):
    """A stack."""

    BLUE = "blue"
    GREEN = "green"

    @property
    def other(self) -> Color:
        """The other one."""
        return Color.GREEN if self is Color.BLUE else Color.BLUE


@dataclass
class Stack:
    """Both stacks."""

    live: Color = Color.BLUE
    traffic: dict[str, int] = field(default_factory=dict)
    events: list[str] = field(default_factory=list)
