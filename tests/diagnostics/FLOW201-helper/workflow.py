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


def shorten(username: str):
    """Make it short."""
    return username[:8] if len(username) > 8 else username


def set_up(username: str, prefix: str) -> flow.Step[Spec]:
    """Decide by what is not known yet."""
    if isinstance(username, str) and not username.startswith(prefix):
        return flow.do()
    return create_user(username)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.in_serial(
        flow.for_each(list_users, lambda name: create_user(shorten(name))),
        flow.for_each(list_users, lambda name: set_up(name, "x")),
    )
