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


def drop_user(spec: Spec, username: str) -> None:
    """Needs an argument that nobody gives."""
    spec.users.remove(username)


def is_empty() -> bool:
    """Asks nobody."""
    return True


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        drop_user,
        flow.when(is_empty, create_user("app")),
        lambda: None,
        print,
        Spec,
    )
