"""Set up a database."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

ROLES: dict[str, str] = {}
USERS = ["app"]
drawn = [0]


@dataclass
class Limits:
    """How much a user may do."""

    connections: int = 10


LIMITS = Limits()


@dataclass
class Spec:
    """What to set up."""

    users: list[str] = field(default_factory=list)


@flow.step
def create_user(spec: Spec, username: str, number: int) -> None:
    """Create a user."""
    spec.users.append(f"{username} {ROLES[username]} {number}")


@flow.step
def limit(spec: Spec, connections: int) -> None:
    """Limit the connections."""
    print(spec, connections)


def with_role(username: str, role: str) -> flow.Step[Spec]:
    """Create a user with a role."""
    ROLES[username] = role
    return create_user(username, draw())


def draw() -> int:
    """Return the next number."""
    drawn[0] += 1
    return drawn[0]


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    LIMITS.connections = 20
    USERS.append("admin")
    return flow.do(
        *(with_role(user, "owner") for user in USERS), limit(LIMITS.connections)
    )
