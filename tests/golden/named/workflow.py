"""Parts that have names."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Estate:
    """Tenants, and what was done for them."""

    tenants: list[str] = field(default_factory=lambda: ["acme", "umbrella"])
    paid: bool = True
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_tenants(estate: Estate) -> list[str]:
    """Read the tenants."""
    return estate.tenants


@flow.transform
def in_order(estate: Estate, tenants: list[str]) -> list[str]:
    """Sort the tenants."""
    return sorted(tenants)


@flow.predicate
def has_paid(estate: Estate, tenant: str) -> bool:
    """Return whether a tenant may be served."""
    return estate.paid


@flow.step
def serve(estate: Estate, tenant: str) -> None:
    """Serve a tenant."""
    estate.journal.append(f"serve {tenant}")


@flow.step
def remind(estate: Estate, tenant: str) -> None:
    """Write to a tenant."""
    estate.journal.append(f"remind {tenant}")


@flow.workflow
def serve_tenants() -> flow.Step[Estate]:
    """Serve all tenants."""
    return flow.do(
        flow.named("landlord", serve("landlord")),
        flow.named(
            "billing",
            flow.do(
                remind("landlord"),
                flow.named("late fees", flow.named("first", remind("acme"))),
            ),
        ),
        flow.in_serial(
            flow.named(
                "tenants",
                flow.for_each(
                    flow.named("the register", list_tenants),
                    lambda tenant: flow.named(
                        f"tenant {tenant}",
                        flow.when(
                            flow.named(f"payments of {tenant}", has_paid(tenant)),
                            serve(tenant),
                            remind(tenant),
                        ),
                    ),
                ),
            ),
            flow.from_(
                flow.named("the archive", list_tenants()),
                flow.named("sorting", in_order),
                flow.map_(remind),
            ),
        ),
        flow.in_parallel(
            flow.named(
                "letters",
                flow.for_each(
                    list_tenants,
                    lambda tenant: flow.named(f"letter to {tenant}", remind(tenant)),
                ),
            ),
            flow.named("fixed", flow.steps(serve("garden"), serve("roof"))),
            limit=1,
        ),
    )
