"""The onboarding of this month's tenants."""

from __future__ import annotations

import onboarding.hooks  # noqa: F401  # registers them
from transpiler import flow

from . import Onboarding, Plan, Tenant, steps
from .config import HOURS
from .errors import QuotaExceededError
from .models import admin
from .policies import PATIENT, TRANSIENT, is_worth_it

TENANTS = [
    Tenant("acme", admin("Ada", "acme"), Plan.ENTERPRISE, "us", ["core", "audit"]),
    Tenant("bolt", admin("Bob", "bolt"), Plan.TEAM),
    Tenant("cozy", admin("Cleo", "cozy")),
]


def onboard(tenant: Tenant) -> flow.Step[Onboarding]:
    """Give one tenant all that it needs."""
    return flow.named(
        f"tenant {tenant.slug}",
        flow.do(
            flow.on_error(
                flow.retry(
                    steps.create_resources(tenant),
                    flow.only_if(is_worth_it),
                    *PATIENT,
                    on=TRANSIENT,
                ),
                {QuotaExceededError: steps.remove_resources(tenant)},
            ),
            steps.apply_hooks(tenant),
            steps.count_seats(tenant),
            flow.when(steps.is_paid(tenant), steps.bill(tenant, every=24 * HOURS)),
            flow.ignore_error(
                flow.when(
                    lambda onboarding: onboarding.send_mail,
                    steps.welcome(tenant.contact),
                )
            ),
        ),
    )


@flow.workflow
def onboard_tenants() -> flow.Step[Onboarding]:
    """Onboard every tenant, whatever becomes of the others."""
    return flow.do(
        flow.in_serial(flow.for_each(TENANTS, onboard), join_errors=True),
        steps.report,
    )
