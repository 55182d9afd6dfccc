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


failures = 0


def count_failures(spec: Spec, error: Exception) -> flow.Step[Spec] | None:
    """Count in a variable of the module."""
    global failures
    failures += 1
    return None


def clean_up(spec: Spec, error: Exception) -> flow.Step[Spec] | None:
    """Return a step from inside a with."""
    with open("log") as log:
        print(error, file=log)
        return create_user("log")


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        flow.on_error(create_user("app"), count_failures),
        flow.on_error(create_user("b"), clean_up),
    )
