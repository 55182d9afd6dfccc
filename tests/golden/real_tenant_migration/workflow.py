"""Move tenants to a new cluster, each behind a maintenance page."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from transpiler import flow

log = logging.getLogger(__name__)

RETRIES = 4


class ReplicationLag(Exception):
    """The copy is not close enough to the original."""


@dataclass
class Migration:
    """Which tenants move, and from where to where."""

    source: str = "cluster-a"
    target: str = "cluster-b"
    tenants: list[str] = field(default_factory=lambda: ["acme", "initech", "hooli"])
    # Do not touch DNS.
    rehearsal: bool = False
    journal: list[str] = field(init=False, default_factory=list)
    lag: dict[str, int] = field(init=False, default_factory=dict)


@flow.extract
def pending_tenants(migration: Migration) -> list[str]:
    """Return the tenants that are not on the target yet."""
    done = {line.split()[-1] for line in migration.journal if line.startswith("done")}
    return [tenant for tenant in migration.tenants if tenant not in done]


@flow.extract
@contextmanager
def maintenance_page(migration: Migration, tenant: str) -> Iterator[Migration]:
    """Show a maintenance page to a tenant's users."""
    migration.journal.append(f"maintenance on {tenant}")
    try:
        yield migration
    finally:
        migration.journal.append(f"maintenance off {tenant}")


@flow.step
def create_schema(migration: Migration, tenant: str) -> None:
    """Create the tenant's schema on the target."""
    migration.journal.append(f"schema {tenant}")


@flow.step
def start_replication(migration: Migration, tenant: str, slot: str) -> None:
    """Start to copy."""
    migration.lag[tenant] = 3
    migration.journal.append(f"replicate {tenant} via {slot}")


@flow.step
def stop_replication(migration: Migration, slot: str) -> None:
    """Drop a slot."""
    migration.journal.append(f"drop {slot}")


@flow.predicate
def caught_up(migration: Migration, tenant: str, within: int = 0) -> bool:
    """Whether the copy is as good as the original."""
    migration.lag[tenant] -= 1
    return migration.lag[tenant] <= within


@flow.step
def check_lag(migration: Migration, tenant: str) -> None:
    """Fail if there is something left to copy."""
    if migration.lag[tenant] > 0:
        raise ReplicationLag(f"{tenant} lags {migration.lag[tenant]} s behind")


@flow.step
def switch_dns(migration: Migration, tenant: str, cluster: str) -> None:
    """Point the tenant's name at a cluster."""
    migration.journal.append(f"dns {tenant} -> {cluster}")


@flow.step
def smoke_test(migration: Migration, tenant: str) -> None:
    """Log in as a robot."""
    if tenant == "initech":
        raise ConnectionError(f"{tenant} does not answer")


@flow.step
def mark_done(migration: Migration, tenant: str) -> None:
    """Remember that a tenant is there."""
    migration.journal.append(f"done {tenant}")


@flow.step
def report(migration: Migration) -> None:
    """Say who is where."""
    for line in migration.journal:
        log.info("%s", line)


def cut_over(tenant: str) -> flow.Step[Migration]:
    """Move the traffic of one tenant; back it goes if it does not work there."""
    return flow.using(
        maintenance_page(tenant),
        flow.do(
            flow.with_timeout(
                300,
                flow.until(caught_up(tenant), flow.sleep(0.01)),
            ),
            check_lag(tenant),
            flow.unless(
                lambda migration: migration.rehearsal,
                flow.on_error(
                    flow.do(
                        switch_dns(tenant, "cluster-b"),
                        flow.retry(
                            smoke_test(tenant),
                            flow.up_to(RETRIES),
                            flow.exponential_backoff(0.01, max_delay=0.02),
                        ),
                    ),
                    {ConnectionError: switch_dns(tenant, "cluster-a")},
                ),
            ),
            mark_done(tenant),
        ),
    )


def migrate(tenant: str) -> flow.Step[Migration]:
    """Migrate one tenant."""
    slot = f"slot_{tenant}"
    return flow.named(
        tenant,
        flow.do(
            create_schema(tenant),
            start_replication(tenant, slot),
            flow.ensure(cut_over(tenant), stop_replication(slot)),
        ),
    )


@flow.workflow
def migrate_tenants() -> flow.Step[Migration]:
    """Move all tenants, two at a time."""
    return flow.ensure(
        flow.in_parallel(flow.for_each(pending_tenants, migrate), limit=2),
        report,
    )
