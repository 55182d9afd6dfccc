"""Upgrade the kernels of a Kubernetes cluster, node by node."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum

from transpiler import flow


class Role(Enum):
    """What a node does."""

    CONTROL = "control"
    WORKER = "worker"


@dataclass(frozen=True)
class Node:
    """A node of the cluster."""

    name: str
    role: Role
    kernel: str = "5.15"


@dataclass
class Cluster:
    """A Kubernetes cluster."""

    kernel: str = "6.8"
    nodes: list[Node] = field(
        init=False,
        default_factory=lambda: [
            Node("cp-1", Role.CONTROL),
            Node("cp-2", Role.CONTROL, "6.8"),
            Node("w-1", Role.WORKER),
            Node("w-2", Role.WORKER),
        ],
    )
    cordoned: set[str] = field(init=False, default_factory=set)
    events: list[str] = field(init=False, default_factory=list)
    booted: dict[str, int] = field(init=False, default_factory=dict)


@flow.extract
def nodes_with_role(cluster: Cluster, role: Role) -> list[Node]:
    """List the nodes of one role."""
    return [node for node in cluster.nodes if node.role is role]


@flow.predicate
def is_current(cluster: Cluster, node: Node) -> bool:
    """Whether a node runs the kernel already."""
    return node.kernel == cluster.kernel


@flow.predicate
def is_ready(cluster: Cluster, name: str, *, checks: int = 1) -> bool:
    """Whether a node answered often enough."""
    cluster.booted[name] = cluster.booted.get(name, 0) + 1
    return cluster.booted[name] >= checks


@flow.predicate
def has_quorum(cluster: Cluster) -> bool:
    """Whether etcd would survive the loss of a node."""
    return len(cluster.cordoned) < 2


@flow.step
def cordon(cluster: Cluster, name: str) -> None:
    """Schedule nothing more on a node."""
    cluster.cordoned.add(name)
    cluster.events.append(f"cordon {name}")


@flow.step
def uncordon(cluster: Cluster, name: str) -> None:
    """Schedule on a node again."""
    cluster.cordoned.discard(name)
    cluster.events.append(f"uncordon {name}")


@flow.step
def drain(cluster: Cluster, name: str, grace: timedelta) -> None:
    """Evict all pods of a node."""
    cluster.events.append(f"drain {name} within {grace}")


@flow.step
def install_kernel(cluster: Cluster, node: Node) -> None:
    """Install the kernel's package."""
    cluster.events.append(f"install {cluster.kernel} over {node.kernel} on {node.name}")


@flow.step
def reboot(cluster: Cluster, name: str) -> None:
    """Reboot a node."""
    cluster.events.append(f"reboot {name}")


@flow.step
def page_oncall(cluster: Cluster, message: str) -> None:
    """Wake somebody up."""
    cluster.events.append(f"page: {message}")


def upgrade(node: Node) -> flow.Step[Cluster]:
    """Upgrade one node; whatever happens, it is schedulable afterwards."""
    return flow.unless(
        is_current(node),
        flow.named(
            f"node {node.name}",
            flow.do(
                cordon(node.name),
                flow.ensure(
                    flow.do(
                        # Pods get their time to leave.
                        flow.on_error(
                            drain(node.name, timedelta(minutes=5)),
                            flow.fallback_to(drain(node.name, timedelta(0))),
                        ),
                        install_kernel(node),
                        reboot(node.name),
                        flow.with_timeout(
                            timedelta(minutes=10),
                            flow.until(
                                is_ready(node.name, checks=3),
                                flow.sleep(timedelta(milliseconds=5)),
                            ),
                        ),
                    ),
                    uncordon(node.name),
                ),
            ),
        ),
    )


def upgrade_all(role: Role, limit: int) -> flow.Step[Cluster]:
    """Upgrade all nodes of a role."""
    return flow.in_parallel(
        flow.for_each(nodes_with_role(role), upgrade), limit=limit, join_errors=True
    )


@flow.workflow
def upgrade_kernels() -> flow.Step[Cluster]:
    """Upgrade all kernels: the control plane one by one, then the workers."""
    return flow.do(
        flow.when(
            flow.not_(has_quorum),
            page_oncall("no quorum, no upgrade"),
            otherwise=flow.in_serial(
                flow.for_each(nodes_with_role(Role.CONTROL), upgrade)
            ),
        ),
        flow.on_error(
            upgrade_all(Role.WORKER, limit=3),
            {ExceptionGroup: page_oncall("some workers are on the old kernel")},
        ),
    )
