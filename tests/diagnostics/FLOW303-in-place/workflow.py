"""Steps that would be built and dropped."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    users: list[str] = field(default_factory=list)


@flow.step
def create_user(spec: Spec, username: str) -> None:
    """Create a user."""
    spec.users.append(username)


_clean_up = flow.do(lambda spec: spec.users.clear())


def create_admin(username: str) -> Callable[[Spec], None]:
    """Make a step."""

    def run(spec: Spec) -> None:
        create_user(username)

    return run


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        lambda spec: create_user("app"),
        create_admin("admin"),
        lambda spec: _clean_up.run(spec),
        lambda spec: flow.do(),
    )
