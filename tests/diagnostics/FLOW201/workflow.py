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


def set_up(username: str) -> flow.Step[Spec]:
    """Decide by what is not known yet."""
    if username == "admin":
        return flow.do()
    return create_user(username)


def choose(username: str) -> flow.Step[Spec]:
    """Decide by what is not known yet."""
    match username:
        case "admin":
            return flow.do()
        case _:
            return create_user(username)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.in_serial(
        flow.for_each(
            list_users, lambda name: create_user(name) if name else flow.do()
        ),
        flow.for_each(list_users, set_up),
        flow.for_each(list_users, lambda name: name and create_user(name)),
        flow.for_each(
            list_users, lambda name: create_user("x") if len(name) > 3 else None
        ),
        flow.for_each(list_users, choose),
    )
