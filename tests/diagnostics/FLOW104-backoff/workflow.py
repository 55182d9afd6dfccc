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


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.retry(
        create_user("a"),
        flow.exponential_backoff(0.1, multiplier=0),
        flow.exponential_backoff(0.1, jitter=2),
        flow.fixed_backoff(1, jitter="half"),
        flow.exponential_backoff(0.1, multiplier="2", jitter="full"),
    )
