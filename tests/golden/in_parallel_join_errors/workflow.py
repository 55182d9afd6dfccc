"""Branches that all run to their end."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Cluster:
    """A cluster of nodes."""

    nodes: list[str] = field(default_factory=lambda: ["n1", "n2", "n3"])
    patched: set[str] = field(init=False, default_factory=set)


@flow.extract
def list_nodes(cluster: Cluster) -> list[str]:
    """Ask the inventory."""
    return cluster.nodes


@flow.step
def patch(cluster: Cluster, node: str) -> None:
    """Install the patches of a node."""
    cluster.patched.add(node)


@flow.step
def warn(cluster: Cluster) -> None:
    """Tell somebody."""
    cluster.patched.add("warned")


@flow.workflow
def patch_cluster() -> flow.Step[Cluster]:
    """Patch all nodes, and say at the end which could not be."""
    return flow.do(
        flow.in_parallel(patch("gateway"), patch("registry"), join_errors=True),
        flow.on_error(
            flow.in_parallel(
                patch("bastion"),
                flow.for_each(list_nodes, patch),
                limit=2,
                join_errors=True,
            ),
            {ExceptionGroup: warn},
        ),
        flow.retry(
            patch("scheduler"), flow.up_to(2), flow.fixed_backoff(1), on=ConnectionError
        ),
        flow.in_parallel(
            flow.for_each(["blue", "green"], lambda color: patch(f"{color}-proxy")),
            join_errors=True,
        ),
    )
