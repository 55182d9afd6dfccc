"""Machines become members."""

from __future__ import annotations

import hashlib

from transpiler import flow

from ..inventory import Machine, Role
from ..logging import journaled
from ..state import Cluster
from .boot import describe


def is_joined(cluster: Cluster, name: str) -> bool:
    """Return whether a machine is a member."""
    return name in cluster.joined


@flow.step
@journaled("token", once=True)
def new_token(cluster: Cluster) -> None:
    """Make the token that members show."""
    cluster.token = hashlib.sha256(cluster.name.encode()).hexdigest()[:8]


@flow.step
@journaled("join")
def join(cluster: Cluster, machine: Machine, role: Role = Role.WORKER) -> None:
    """Make a machine a member."""
    if not is_joined(cluster, machine.name):
        cluster.joined.add(machine.name)
        cluster.journal.append(describe(cluster, machine.name))


@flow.step
def cordon(cluster: Cluster, *names: str) -> None:
    """Take machines out of use."""
    cluster.joined.difference_update(names)
