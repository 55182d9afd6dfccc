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


admin = flow.auto_named(create_user("admin"))


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(admin, create_user("app"))
