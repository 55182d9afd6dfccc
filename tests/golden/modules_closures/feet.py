"""Feet."""

from __future__ import annotations

UNIT = "ft"


def show(length: float) -> str:
    """Show a length in feet."""
    return f"{length / 0.3048:.1f} {UNIT}"
