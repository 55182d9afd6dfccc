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


@flow.predicate
def has_user(spec: Spec, username: str) -> bool:
    """Ask the database."""
    return username in spec.users


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    if has_user("admin"):
        return flow.do(create_user("app"))
    return flow.when(not has_user("app") and has_user("admin"), create_user("x"))
