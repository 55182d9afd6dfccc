"""What is done for each tenant."""

# ruff: noqa: F403, F405

from __future__ import annotations

from transpiler import flow

from . import clients as c
from . import registry
from .config import *
from .models import Plan, Tenant
from .state import Onboarding


@flow.predicate
def is_paid(onboarding: Onboarding, tenant: Tenant) -> bool:
    """Return whether a tenant gets invoices."""
    return tenant.plan.is_paid


@flow.step
def create_resources(onboarding: Onboarding, tenant: Tenant) -> None:
    """Create the database, and the bucket of those who pay."""
    # Nobody else may touch the tenant meanwhile.
    with c.maintenance(onboarding.backend, tenant.slug) as lock:
        for name, size in tenant.resources(onboarding.backend):
            place = onboarding.backend.create("resource", name)
            onboarding.note(f"{name} of {size} at {place}, under {lock}")


@flow.step
def remove_resources(onboarding: Onboarding, tenant: Tenant) -> None:
    """Leave nothing behind."""
    for name, _ in tenant.resources(onboarding.backend):
        onboarding.backend.delete(name)
    onboarding.note(f"{tenant.slug} removed")


@flow.step
def apply_hooks(onboarding: Onboarding, tenant: Tenant) -> None:
    """Do what the plan asks for."""
    for line in registry.run_hooks(tenant):
        onboarding.note(line)


@flow.step
def count_seats(onboarding: Onboarding, tenant: Tenant) -> None:
    """Add the seats of a tenant to those of its plan."""
    seats = onboarding.seats
    seats[tenant.plan] = seats.get(tenant.plan, 0) + tenant.limits.seats


@flow.step
def bill(onboarding: Onboarding, tenant: Tenant, *, every: float) -> None:
    """Tell the billing system."""
    onboarding.note(f"bill {tenant.slug} every {every} s: {tenant.limits.as_labels()}")


@flow.step
def welcome(onboarding: Onboarding, contact: Tenant.Contact) -> None:
    """Write to the tenant."""
    onboarding.note(f"{SENDER} to {contact.name} <{contact.mail}>")


@flow.step
def report(onboarding: Onboarding) -> None:
    """Say where everything is."""
    free = onboarding.seats.get(Plan.FREE, 0)
    onboarding.note(f"{len(c.centres())} centres, {c.centres('us')}, {free} free seats")
