"""Set up a database."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    users: list[str] = field(default_factory=list)


class Users:
    """All about users."""

    @staticmethod
    @flow.step
    def create(spec: Spec, username: str) -> None:
        """Create a user."""
        spec.users.append(username)

    @staticmethod
    def create_both(username: str) -> flow.Step[Spec]:
        """Create a user, and another one to read only."""
        return flow.do(Users.create(username), Users.create(f"{username}_read"))


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(Users.create("admin"), Users.create_both("app"))
