"""Move tenants to a new release, and see what happens.

Every run writes migration.jsonl to the working directory; look at it with
`flowc trace migration.jsonl`, or `flowc trace migration.jsonl --error`.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field
from pathlib import Path

from transpiler import flow

log = logging.getLogger(__name__)

TRACE = Path("migration.jsonl")


@dataclass
class Platform:
    """A platform and its tenants."""

    # The release to move to.
    release: str = "2.4"
    # Who is moved.
    tenants: list[str] = field(default_factory=lambda: ["acme", "initech", "umbrella"])
    # Tenants whose search index can't be built.
    broken_indexes: list[str] = field(default_factory=lambda: ["initech"])
    # How long everything takes, as a factor.
    pace: float = 1.0
    journal: list[str] = field(init=False, default_factory=list)


def work(platform: Platform, seconds: float, what: str) -> None:
    """Stand in for work that takes its time."""
    time.sleep(seconds * platform.pace)
    platform.journal.append(f"{what} at {'/'.join(flow.names())}")


@flow.step
def close_gate(platform: Platform) -> None:
    """Let nobody in."""
    work(platform, 0.02, "gate closed")


@flow.step
def open_gate(platform: Platform) -> None:
    """Let everybody in."""
    work(platform, 0.02, "gate open")


@flow.extract
def list_tenants(platform: Platform) -> list[str]:
    """Ask the inventory."""
    work(platform, 0.03, "tenants listed")
    return platform.tenants


@flow.step
def copy_data(platform: Platform, tenant: str) -> None:
    """Copy a tenant's data."""
    work(platform, 0.05 + 0.01 * len(tenant), f"{tenant} copied")


@flow.step
def apply_schema(platform: Platform, tenant: str) -> None:
    """Bring a tenant's schema to the release."""
    work(platform, 0.04, f"{tenant} at {platform.release}")


@flow.step
def build_index(platform: Platform, tenant: str) -> None:
    """Build a tenant's search index."""
    work(platform, 0.03, f"index of {tenant}")
    if tenant in platform.broken_indexes:
        raise RuntimeError(f"no space left for the index of {tenant}")


def migrate(tenant: str) -> flow.Step[Platform]:
    """Migrate one tenant. It can live without an index."""
    return flow.with_logging(
        flow.named(
            f"tenant {tenant}",
            flow.do(
                flow.named("data", flow.retry(copy_data(tenant), flow.up_to(2))),
                flow.named("schema", flow.with_logging(apply_schema(tenant))),
                flow.ignore_error(
                    flow.named("index", build_index(tenant)), on=RuntimeError
                ),
            ),
        )
    )


def maintenance(step: flow.Step[Platform]) -> flow.Step[Platform]:
    """Run a step while the gate is closed."""
    return flow.auto_named(
        flow.do(
            flow.named("close", close_gate),
            flow.ensure(step, flow.named("open", open_gate)),
        )
    )


@flow.workflow
def migrate_tenants() -> flow.Step[Platform]:
    """Migrate all tenants at once, behind a closed gate."""
    return flow.traced(
        maintenance(
            flow.in_parallel(
                flow.named("inventory", flow.for_each(list_tenants, migrate)), limit=4
            )
        ),
        to=TRACE,
    )
