"""Parts that are named after the constructors that make them."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Cluster:
    """Servers, and what was done to them."""

    servers: list[str] = field(default_factory=lambda: ["web-1", "web-2"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_servers(cluster: Cluster) -> list[str]:
    """Read the servers."""
    return cluster.servers


@flow.predicate
def answers(cluster: Cluster, server: str) -> bool:
    """Return whether a server is up."""
    return server in cluster.servers


@flow.step
def install(cluster: Cluster, server: str) -> None:
    """Install the release."""
    cluster.journal.append(f"install on {server}")


@flow.step
def check(cluster: Cluster, server: str) -> None:
    """Ask a server whether it is well."""
    cluster.journal.append(f"check {server}")


def responding(server: str) -> flow.Predicate[Cluster]:
    """Return whether a server answers."""
    return flow.auto_named(answers(server))


def upgrade(server: str) -> flow.Step[Cluster]:
    """Upgrade a server that answers."""
    return flow.auto_named(
        flow.when(responding(server), flow.do(install(server), check(server)))
    )


def the_fleet() -> flow.Provider[Cluster]:
    """Upgrade all servers."""
    return flow.auto_named(flow.for_each(list_servers, upgrade))


@flow.workflow
def upgrade_cluster() -> flow.Step[Cluster]:
    """Upgrade a canary, then all."""
    return flow.auto_named(flow.do(upgrade("canary"), flow.in_serial(the_fleet())))
