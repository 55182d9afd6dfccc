"""Set up a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

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
def run_sql(spec: Spec, path: Path) -> None:
    """Run a file."""
    print(spec, path)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        create_user("app"),
        run_sql(Path(__file__).parent / "schema.sql"),
    )
