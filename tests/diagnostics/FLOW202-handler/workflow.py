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


def each(spec: Spec, error: Exception) -> flow.Step[Spec]:
    """Build steps in a loop."""
    return flow.do(*[create_user(user) for user in spec.users])


def collected(spec: Spec, error: Exception) -> flow.Step[Spec]:
    """Build steps in a loop, into a list."""
    steps = []
    for user in spec.users:
        steps.append(create_user.fn(spec, user))
    return flow.do(*steps)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        flow.on_error(create_user("app"), each),
        flow.on_error(create_user("app"), collected),
    )
