"""Loops without items, and bodies that can't take one."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    users: list[str] = field(default_factory=list)


@flow.step
def create_user(spec: Spec, username: str) -> None:
    """Create a user."""
    spec.users.append(username)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.in_serial(
        flow.for_each(3, create_user),
        flow.for_each((name.upper() for name in "ab"), create_user),
        flow.for_each(["a", "b"], lambda number, name: create_user(name)),
        flow.for_each(["a", "b"], lambda: create_user("c")),
    )
