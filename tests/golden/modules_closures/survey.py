"""What is measured."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Survey:
    """A page of measures."""

    lines: list[str] = field(default_factory=list)
