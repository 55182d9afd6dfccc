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


def loudly(handler: object) -> object:
    """Decorate a function."""
    return handler


@loudly
def decorated(spec: Spec, error: Exception) -> flow.Step[Spec]:
    """Be something else."""
    return create_user("a")


def yields(spec: Spec, error: Exception) -> object:
    """Return one step after another."""
    yield create_user("a")


def imports(spec: Spec, error: Exception) -> flow.Step[Spec]:
    """Import something."""
    import traceback

    traceback.print_exc()
    return create_user("a")


def assigns(spec: Spec, error: Exception) -> flow.Step[Spec]:
    """Assign in what is returned."""
    return create_user(name := str(error))


def tries(spec: Spec, error: Exception) -> flow.Step[Spec] | None:
    """Return a step from inside a try."""
    try:
        return create_user(spec.users[0])
    except IndexError:
        return None


async def waits(spec: Spec, error: Exception) -> flow.Step[Spec]:
    """Wait."""
    return create_user("a")


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        flow.on_error(create_user("app"), decorated),
        flow.on_error(create_user("app"), yields),
        flow.on_error(create_user("app"), imports),
        flow.on_error(create_user("app"), assigns),
        flow.on_error(create_user("app"), tries),
        flow.on_error(create_user("app"), waits),
    )
