"""Independent steps at the same time."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Cluster:
    """A cluster and the zones that it has reached."""

    zones: set[str] = field(init=False, default_factory=set)


@flow.step
def open_zone(cluster: Cluster, zone: str, *, replicas: int = 1) -> None:
    """Start the cluster's nodes in a zone."""
    cluster.zones.add(f"{zone}/{replicas}")


@flow.step
def connect_zones(cluster: Cluster) -> None:
    """Let the zones see each other."""
    if len(cluster.zones) < 3:
        raise RuntimeError("zones are missing")


@flow.workflow
def open_cluster() -> flow.Step[Cluster]:
    """Open a cluster in all of its zones."""
    return flow.do(
        flow.in_parallel(
            open_zone("a"),
            open_zone("b", replicas=2),
            # The third zone has the smaller machines.
            open_zone("c", replicas=4),
        ),
        connect_zones(),
    )
