"""Set up a database."""

from __future__ import annotations

from transpiler import flow


@flow.step
def create_user(spec: dict[str, str], username: str) -> None:
    """Create a user."""
    spec[username] = "created"


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(create_user("admin"))
