"""Tenants, and what they pay for."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from .config import quota_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .clients import Backend


class Plan(enum.Enum):
    """What a tenant pays for."""

    FREE = "free"
    TEAM = "team"
    ENTERPRISE = "enterprise"

    @property
    def is_paid(self) -> bool:
        """Whether there are invoices."""
        return self is not Plan.FREE


class Limits(NamedTuple):
    """What a plan allows."""

    seats: int
    storage: int = quota_bytes(5)

    def as_labels(self) -> Labels:
        """Return the limits as the billing system wants them."""
        return {"seats": str(self.seats), "storage": str(self.storage)}


class Labels(TypedDict):
    """Texts for other systems."""

    seats: str
    storage: str


LIMITS = {
    Plan.FREE: Limits(3),
    Plan.TEAM: Limits(25, quota_bytes(100)),
    Plan.ENTERPRISE: Limits(10_000, storage=quota_bytes(5_000)),
}


def no_features() -> list[str]:
    """Return the features that everybody has."""
    return ["core"]


@dataclass(frozen=True)
class Tenant:
    """A customer."""

    @dataclass(frozen=True)
    class Contact:
        """Whom to write to."""

        name: str
        mail: str

    slug: str
    contact: Contact
    plan: Plan = Plan.FREE
    region: str = "eu"
    features: list[str] = field(default_factory=no_features, hash=False)

    @property
    def limits(self) -> Limits:
        """What the tenant's plan allows."""
        return LIMITS[self.plan]

    def resources(self, backend: Backend) -> Iterator[tuple[str, int]]:
        """Yield what has to be there for the tenant."""
        yield f"{self.slug}-db", backend.weight
        if self.plan.is_paid:
            yield f"{self.slug}-bucket", self.limits.storage


def admin(name: str, company: str) -> Tenant.Contact:
    """Return the address of somebody at a company."""
    return Tenant.Contact(name, f"{name.lower()}@{company}.example.com")
