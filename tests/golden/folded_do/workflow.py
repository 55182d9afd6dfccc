"""Set up the tables of a shop."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

REGIONS = ("at", "be", "ch", "de", "dk", "es", "fr", "it")
QUOTAS = {"a": 1, "b": 2, "c": 3, "d": 5, "e": 8, "f": 13, "g": 21, "h": 34}


@dataclass(frozen=True)
class Tenant:
    """Whose tables they are."""

    name: str
    size: int = 10


TENANTS = [
    Tenant("ada"),
    Tenant("bob"),
    Tenant("cy", 20),
    Tenant("dan"),
    Tenant("eve"),
    Tenant("flo", 40),
    Tenant("gus"),
    Tenant("hal"),
]


@dataclass
class Shop:
    """What was set up."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def create_table(shop: Shop, name: str, size: int = 0) -> None:
    """Create a table."""
    shop.journal.append(f"create {name} of {size}")


@flow.step
def grant(shop: Shop, table: str, user: str) -> None:
    """Let a user read a table."""
    shop.journal.append(f"grant {table} to {user}")


@flow.step
def note(shop: Shop, text: str) -> None:
    """Write a line into the journal."""
    shop.journal.append(text)


def onboard(tenant: Tenant) -> flow.Step[Shop]:
    """Give a tenant what it needs."""
    return flow.do(
        create_table(f"orders_{tenant.name}", tenant.size),
        grant(f"orders_{tenant.name}", tenant.name),
    )


def audited(name: str) -> flow.Step[Shop]:
    """Create a table that is watched."""
    return create_table(f"audit_{name}")


@flow.workflow
def set_up_shop() -> flow.Step[Shop]:
    """Set up the tables of a shop."""
    steps = []
    for region in REGIONS:
        # Orders first: invoices refer to them.
        steps.append(create_table(f"orders_{region}"))
        steps.append(create_table(f"invoices_{region}", 100))
    # Only seven.
    for day in range(7):
        steps.append(create_table(f"day_{day}", day))
    return flow.do(
        *steps,
        *[create_table(f"part_{i}", 10 * i) for i in range(1, 9)],
        note("parts are there"),
        *[create_table(name, size) for name, size in QUOTAS.items()],
        *map(onboard, TENANTS),
        *[note("again") for _ in range(8)],
        *[grant(t, u) for t in ("x", "y") for u in ("ada", "bob", "cy", "dan")],
        # One by one.
        audited("a"),
        audited("b"),
        audited("c"),
        audited("d"),
        audited("e"),
        audited("f"),
        audited("g"),
        audited("h"),
    )
