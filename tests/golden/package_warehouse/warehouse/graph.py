"""In which order tables are loaded: this module and the next import each other."""

from __future__ import annotations

import warehouse.plan

DEPENDS = {"orders": ["customers", "products"], "products": ["customers"]}


def depth(name: str) -> int:
    """Return how many tables come before one."""
    return len(warehouse.plan.before(name))
