"""Tenants with regions of their own, onboarded at the same time."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

TENANTS = {"acme": ["eu", "us"], "initech": ["eu"]}


@dataclass
class Platform:
    """A platform, and what was done to it."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def create_space(platform: Platform, tenant: str, region: str) -> None:
    """Create a tenant's space in a region."""
    platform.journal.append(f"{tenant} in {region}")


@flow.step
def welcome(platform: Platform, tenant: str) -> None:
    """Say hello."""
    platform.journal.append(f"welcome {tenant}")


def onboard(tenant: str, regions: list[str]) -> flow.Step[Platform]:
    """Onboard a tenant in all of its regions."""
    return flow.named(
        f"tenant {tenant}",
        flow.do(
            *[create_space(tenant, region) for region in regions],
            welcome(tenant),
        ),
    )


@flow.workflow
def onboard_all() -> flow.Step[Platform]:
    """Onboard all tenants."""
    return flow.in_parallel(
        *[onboard(tenant, regions) for tenant, regions in TENANTS.items()]
    )
