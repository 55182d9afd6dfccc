"""How long things take."""

from __future__ import annotations

from .inventory import TIMEOUTS, Role


def timeout(role: Role) -> float:
    """Return after how many seconds a machine of a role is late."""
    return TIMEOUTS[role].total_seconds()
