"""Set up a database."""

from __future__ import annotations

import textwrap
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


def labelled(username: str) -> flow.Step[Spec]:
    """Format it in a way that is not an expression."""
    label = textwrap.dedent(username) + "_db"
    parts: list[str] = []
    parts.append(username)
    return create_user("".join(parts))


SEEN: dict[str, int] = {}


def counted(username: str) -> flow.Step[Spec]:
    """Use it as a key."""
    SEEN[username] = 1
    return create_user(username)


def framed(username: str) -> flow.Step[Spec]:
    """Let other code look at it."""
    lines: list[str] = []
    textwrap.wrap(username, 40)
    for line in ("a", "b"):
        lines.append(line + username)
    return create_user(" ".join(lines))


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.in_serial(
        flow.for_each(list_users, labelled),
        flow.for_each(list_users, counted),
        flow.for_each(list_users, framed),
        flow.for_each(
            list_users, lambda name: flow.retry(create_user("x"), flow.up_to(name))
        ),
    )
