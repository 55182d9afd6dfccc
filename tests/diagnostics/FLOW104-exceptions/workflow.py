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
    return flow.do(
        flow.retry(create_user("a"), flow.up_to(2), on="OSError"),
        flow.retry(create_user("b"), flow.up_to(2), on=[OSError, KeyError]),
        flow.retry(create_user("c"), flow.up_to(2), on=KeyboardInterrupt),
        flow.ignore_error(create_user("d"), on=OSError("disk full")),
        flow.ignore_error(create_user("e"), int),
        flow.on_error(create_user("f"), {"OSError": None, SystemExit: None}),
        flow.ignore_error(create_user("g"), on=()),
    )
