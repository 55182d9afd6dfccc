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


def set_up(username: str) -> flow.Step[Spec]:
    """Forgets to return."""
    flow.do(create_user(username))


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(set_up("app"), create_user("admin"))
