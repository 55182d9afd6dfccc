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


def choose(error: Exception) -> flow.Step[Spec]:
    """Decide outside of the handler."""
    if isinstance(error, TimeoutError):
        return create_user("late")
    return create_user("fallback")


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        flow.on_error(create_user("app"), lambda spec, error: choose(error)),
        flow.on_error(
            create_user("app"), lambda spec, error: spec.users and create_user("b")
        ),
    )
