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


@flow.step
def grant(spec: Spec, username: str, privilege: str, *, on: str) -> None:
    """Grant a privilege."""
    spec.users.append(f"{username} {privilege} {on}")


@flow.extract
def list_users(spec: Spec) -> list[str]:
    """List the users."""
    return spec.users


@flow.consume
def archive(spec: Spec, lines: list[str]) -> None:
    """Keep lines."""
    spec.users.extend(lines)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        create_user("app", "analytics", "cache"),
        grant("app", "ALL", "orders"),
        flow.with_(list_users, archive("backup")),
    )
