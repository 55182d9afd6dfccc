"""Branches that come from a constructor with parameters."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Registry:
    """The tenants that are known."""

    waiting: list[str] = field(default_factory=lambda: ["initech", "hooli"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def create_schema(registry: Registry, tenant: str) -> None:
    """Make room for a tenant."""
    registry.journal.append(f"schema {tenant}")


@flow.step
def create_owner(registry: Registry, tenant: str, quota: int) -> None:
    """Make a tenant's first account."""
    registry.journal.append(f"owner of {tenant} with {quota}")


def onboard(tenant: str, quota: int = 10) -> flow.Step[Registry]:
    """Take in one tenant."""
    return flow.do(
        create_schema(tenant),
        flow.retry(create_owner(tenant, quota), flow.up_to(2), flow.fixed_backoff(0.5)),
    )


@flow.workflow
def onboard_tenants() -> flow.Step[Registry]:
    """Take in the tenants."""
    return flow.do(
        flow.in_parallel(onboard("acme"), onboard("umbrella", quota=100)),
        flow.in_parallel(
            flow.for_each(lambda registry: registry.waiting, onboard), limit=4
        ),
        onboard("stark"),
    )
