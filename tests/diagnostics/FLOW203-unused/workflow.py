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


@flow.extract
def list_users(spec: Spec) -> list[str]:
    """List the users."""
    return spec.users


SEEN: list[str] = []


def set_up(username: str) -> flow.Step[Spec]:
    """Do something here that the script would not do."""
    SEEN.append(username)
    return create_user(username)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.in_serial(flow.for_each(list_users, set_up))
