"""Set up a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

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


@flow.extract
def list_users(spec: Spec) -> list[str]:
    """List the users."""
    return spec.users


@flow.consume
def archive(spec: Spec, lines: list[str]) -> None:
    """Keep lines."""
    spec.users.extend(lines)


@flow.step
def run_sql(spec: Spec, path: str) -> None:
    """Run a file."""
    create_user(spec, path)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    lock = Lock()
    return flow.do(
        create_user(),
        flow.retry(create_user("a"), flow.up_to(0)),
        flow.in_serial(
            flow.for_each(list_users, lambda n: create_user(n) if n else None)
        ),
        flow.pipeline(list_users, archive, archive),
        create_user(lock),
        run_sql("x"),
    )
