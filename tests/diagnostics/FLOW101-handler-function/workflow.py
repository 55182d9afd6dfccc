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


def recover(error: Exception) -> flow.Step[Spec]:
    """Take only the error."""
    return create_user("fallback")


def say(spec: Spec, error: Exception) -> str:
    """Return something else than a step."""
    return "fallback"


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        flow.on_error(create_user("app"), recover),
        flow.on_error(create_user("app"), lambda *everything: create_user("b")),
        flow.on_error(create_user("app"), say),
    )
