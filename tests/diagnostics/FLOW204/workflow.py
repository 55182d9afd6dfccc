"""Set up a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    name: str = "orders"
    users: list[str] = field(default_factory=list)


made: dict[str, Any] = {}
exec("def is_big(spec): return len(spec.users) > 3", made)


@flow.step
def create_user(spec: Spec, username: str) -> None:
    """Create a user."""
    spec.users.append(username)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        create_user("app"),
        eval("lambda spec: spec.users.clear()"),
        flow.when(made["is_big"], create_user("admin")),
    )
