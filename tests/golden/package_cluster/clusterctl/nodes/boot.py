"""Machines are started."""

from __future__ import annotations

from transpiler import flow

from ..logging import journaled
from ..state import Cluster

_banner = ""


@flow.step
@journaled("boot")
def boot(cluster: Cluster, name: str, *, console: bool = False) -> None:
    """Start a machine."""
    global _banner
    if not _banner:
        _banner = f"booted by {__name__}"
    if console:
        cluster.journal += [_banner, describe(cluster, name)]


@flow.predicate
def is_up(cluster: Cluster, name: str) -> bool:
    """Return whether a machine answers."""
    from .join import is_joined

    return is_joined(cluster, name) or f"boot {name}" in cluster.journal


def describe(cluster: Cluster, name: str) -> str:
    """Say where a machine is."""
    machine = cluster.inventory.by_name[name]
    return f"{machine.name} at {machine.address} in {machine.zone.other().name.lower()}"
