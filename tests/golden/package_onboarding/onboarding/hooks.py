"""Hooks register themselves: importing this module is enough."""

from __future__ import annotations

import functools

from onboarding.models import Plan, Tenant
from onboarding.registry import on_plan

from .config import DOMAIN


@functools.cache
def host(slug: str) -> str:
    """Return the host of a tenant."""
    return f"{slug}.{DOMAIN}"


@on_plan(*Plan)
def reserve_host(tenant: Tenant) -> list[str]:
    """Everybody has a host."""
    return [f"host {host(tenant.slug)}"]


@on_plan(Plan.TEAM, Plan.ENTERPRISE)
def enable_sso(tenant: Tenant) -> list[str]:
    """Who pays may sign on with their own accounts."""
    return [f"sso for {feature}" for feature in tenant.features]


# Not offered any more.
RETIRED = "on-premises"


def describe_retired() -> str:
    """Say what was offered once."""
    return f"{RETIRED} at {DOMAIN}"
