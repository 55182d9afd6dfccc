"""Set up a database."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    name: str = "orders"
    users: list[str] = field(default_factory=list)


@flow.step
def create_user(spec: Spec, username: str) -> None:
    """Create a user."""
    spec.users.append(username)


@flow.step
def create_disk(spec: Spec, name: str, size: int) -> None:
    """Create a disk."""
    spec.users.append(f"{name} {size}")


DISKS = [("data", 10), ("log", 5)]


def create_both(disk: tuple[str, int]) -> flow.Step[Spec]:
    """Create a disk and its user."""
    name, size = disk
    return flow.do(create_disk(name, size), create_user(name))


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.in_serial(
        flow.for_each(DISKS, lambda disk: create_disk(*disk)),
        flow.for_each(DISKS, create_both),
    )
