"""Metres."""

from __future__ import annotations

UNIT = "m"
ROUNDED = 2


def show(length: float) -> str:
    """Show a length."""
    return f"{length:.{ROUNDED}f} {UNIT}"
