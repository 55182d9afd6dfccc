"""Set up a database."""

from __future__ import annotations


from transpiler import flow


@flow.step
def create_user(spec: dict[str, str], username: str) -> None:
    """Create a user."""
    spec[username] = "created"


@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    create_user(spec, "admin")


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(run())
