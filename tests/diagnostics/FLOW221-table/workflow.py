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


STEPS = {"late": create_user("late")}


def look_up(spec: Spec, error: Exception) -> flow.Step[Spec]:
    """Look the step up."""
    return STEPS[str(error)]


def log(spec: Spec, error: Exception) -> None:
    """Return what does something, but is no step."""
    return print(error)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        flow.on_error(create_user("app"), look_up),
        flow.on_error(create_user("app"), log),
        flow.on_error(create_user("app"), lambda spec, error: STEPS.get(spec.name)),
        flow.on_error(create_user("app"), lambda spec, error: error),
    )
