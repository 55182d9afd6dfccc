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


def extended(username: str) -> flow.Step[Spec]:
    """Extend it by a statement."""
    username += "_db"
    return create_user(username)


SEEN: dict[str, int] = {}


def counted(username: str) -> flow.Step[Spec]:
    """Use it as a key."""
    SEEN[username] = 1
    return create_user(username)


def from_file(username: str) -> flow.Step[Spec]:
    """Open a file that is not known yet."""
    with open(username) as file:
        return create_user(file.read())


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.in_serial(
        flow.for_each(list_users, extended),
        flow.for_each(list_users, counted),
        flow.for_each(list_users, from_file),
        flow.for_each(
            list_users,
            lambda name: flow.retry(create_user("x"), flow.up_to(name)),
        ),
        flow.for_each(
            list_users,
            lambda name: flow.retry(
                create_user("x"), flow.fixed_backoff(1, jitter=name)
            ),
        ),
        flow.for_each(
            list_users,
            lambda name: flow.retry(create_user("x"), flow.fixed_backoff(name)),
        ),
        flow.for_each(
            list_users, lambda name: flow.in_parallel(create_user("x"), limit=name)
        ),
    )
