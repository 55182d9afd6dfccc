"""Set up a database with a password that gets everywhere."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field

from transpiler import flow

PASSWORD = os.environ["DB_PASSWORD"]


@dataclass
class Spec:
    """What to set up."""

    users: list[object] = field(default_factory=list)


@dataclass(frozen=True)
class Login:
    """Who may log in."""

    user: str
    password: str


@flow.step
def create_user(spec: Spec, name: object) -> None:
    """Create a user."""
    spec.users.append(name)


def onboard(name: str) -> flow.Step[Spec]:
    """Create a user, again and again."""
    return flow.do(
        create_user(name),
        flow.retry(create_user(name)),
        flow.ignore_error(create_user(name)),
        create_user([name, name]),
    )


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    password = os.environ["DB_PASSWORD"]
    login = Login("app", password)
    basic = "Basic " + base64.b64encode(f"app:{password}".encode()).decode()
    return flow.do(
        create_user(PASSWORD),
        create_user([login]),
        create_user(basic),
        create_user({password.lower(): 1}),
        onboard(password),
        onboard(password),
        onboard(password),
        *[create_user(f"{password}-{number}") for number in range(8)],
        flow.named(f"as {password}", create_user("a")),
        flow.when(lambda spec: password in spec.users, create_user("c")),
    )
