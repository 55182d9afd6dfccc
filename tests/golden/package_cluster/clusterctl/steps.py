"""Steps on the whole cluster."""

from __future__ import annotations

import transpiler.flow as wf

from . import addons
from .inventory import Machine, Role
from .nodes import *  # noqa: F403  # steps, for those who import this module
from .state import Cluster


@wf.extract
def controllers(cluster: Cluster) -> list[Machine]:
    """Return the controllers."""
    return cluster.inventory.with_role(Role.CONTROL)


@wf.extract
def workers(cluster: Cluster) -> list[Machine]:
    """Return the machines that are not controllers."""
    return [machine for machine in cluster.inventory if not machine.is_controller]


@wf.step
def install(cluster: Cluster, addon: str) -> None:
    """Install an add-on."""
    cluster.journal += addons.Addon.known[addon]().manifests(cluster)


@wf.step
def range(cluster: Cluster, low: int, high: int) -> None:
    """Reserve ports."""
    cluster.journal.append(f"ports {low} to {high}")


@wf.step
def wait(cluster: Cluster, *, minutes: float) -> None:
    """Wait for the storage."""
    cluster.journal.append(f"{minutes} minutes of patience for {len(cluster.joined)}")
