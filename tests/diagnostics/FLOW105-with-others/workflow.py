"""Set up a database, with a mistake of every kind."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    users: list[str] = field(default_factory=list)


@dataclass
class Host:
    """Where it runs."""

    name: str = "db1"


@flow.step
def create_user(spec: Spec, name: object) -> None:
    """Create a user."""
    spec.users.append(str(name))


@flow.step
def start(host: Host) -> None:
    """Start a host."""
    print(host)


@flow.step
async def wait(spec: Spec) -> None:
    """Wait for it."""
    print(spec)


@flow.extract
def users(spec: Spec) -> list[str]:
    """Return the users."""
    return spec.users


def per_user(user: str) -> flow.Step[Spec]:
    """Return the step of a user."""
    return create_user("root") if user == "admin" else create_user(user)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    lock = threading.Lock()
    password = os.environ["DB_PASSWORD"]
    return flow.do(
        create_user(),
        flow.retry(create_user("a"), flow.up_to(0)),
        flow.sleep(-1),
        users,
        start,
        wait,
        flow.in_serial(flow.for_each(users, per_user)),
        create_user({"lock": lock}),
        create_user(password.upper()),
        create_user(__file__),
        eval("lambda spec: None"),
        lambda spec: spec.users.append(password),
        create_user(os.getpid()),
    )
