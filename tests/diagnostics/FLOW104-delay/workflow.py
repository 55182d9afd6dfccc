"""Set up a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

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


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.retry(
        create_user("a"),
        flow.fixed_backoff(-1),
        flow.fixed_backoff("2"),
        flow.fixed_backoff(timedelta(seconds=-3)),
        flow.exponential_backoff(float("nan")),
        flow.exponential_backoff(0.1, max_delay=-30),
    )
