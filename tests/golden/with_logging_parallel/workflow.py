"""Logged steps in threads."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Region:
    """Tenants, and what was done for them."""

    tenants: list[str] = field(default_factory=lambda: ["acme", "umbrella"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_tenants(region: Region) -> list[str]:
    """Read the tenants."""
    return region.tenants


@flow.step
def create_database(region: Region, tenant: str) -> None:
    """Create a tenant's database."""
    region.journal.append(f"database {tenant}")


@flow.step
def migrate(region: Region, tenant: str) -> None:
    """Bring a tenant's database up to date."""
    region.journal.append(f"migrate {tenant}")


@flow.step
def open_gate(region: Region) -> None:
    """Let the tenants in."""
    region.journal.append("open")


@flow.step
def warm_up(region: Region) -> None:
    """Fill the caches."""
    region.journal.append("warm up")


def onboard(tenant: str) -> flow.Step[Region]:
    """Onboard a tenant."""
    return flow.named(
        f"tenant {tenant}",
        flow.do(
            create_database(tenant),
            flow.named(
                "migration",
                flow.with_logging(flow.retry(migrate(tenant), flow.up_to(2))),
            ),
        ),
    )


@flow.workflow
def onboard_region() -> flow.Step[Region]:
    """Onboard a region."""
    return flow.do(
        # No names are around these threads.
        flow.in_parallel(warm_up, flow.with_logging(open_gate)),
        flow.named(
            "region",
            flow.do(
                flow.in_parallel(
                    flow.for_each(list_tenants, onboard), onboard("internal"), limit=2
                ),
                # These have nothing to log.
                flow.in_parallel(warm_up, flow.named("gate", open_gate)),
            ),
        ),
    )
