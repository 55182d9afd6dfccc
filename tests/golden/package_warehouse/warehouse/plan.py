"""What is loaded, and in which order."""

from __future__ import annotations

from warehouse import graph
from warehouse.schema import Table, table

TABLES: list[Table] = [
    table("orders", id="number", name="text"),
    table("products", id="text", name="text"),
    table("customers", name="text"),
]


def before(name: str) -> list[str]:
    """Return the tables that have to be there before one."""
    found: list[str] = []
    for other in graph.DEPENDS.get(name, []):
        found += [n for n in (*before(other), other) if n not in found]
    return found


def ordered() -> list[Table]:
    """Return all tables, each behind those that it needs."""
    return sorted(TABLES, key=lambda each: (graph.depth(each.name), each.name))
