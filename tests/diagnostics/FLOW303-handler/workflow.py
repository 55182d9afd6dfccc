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


def drop(spec: Spec, error: Exception) -> flow.Step[Spec] | None:
    """Build steps, and do nothing with them."""
    if spec.users:
        create_user(spec, "late")
    flow.do(create_user.fn, print)
    return create_user("fallback")


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.on_error(create_user("app"), drop)
