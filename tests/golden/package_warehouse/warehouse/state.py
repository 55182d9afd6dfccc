"""What a load knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass
class Load:
    """One load of the warehouse."""

    mode: Literal["full", "delta"] = "full"
    lines: list[str] = field(init=False, default_factory=list)
    counts: dict[str, int] = field(init=False, default_factory=dict)
