"""Set up a database."""

from __future__ import annotations

from collections.abc import Callable
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


def count_users() -> Callable[[Spec], None]:
    """Make a step that counts how often it runs."""
    calls: list[int] = []

    def run(spec: Spec) -> None:
        calls.append(len(spec.users))

    return run


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(count_users(), create_user("app"))
