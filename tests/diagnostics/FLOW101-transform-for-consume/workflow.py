"""Set up a database."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    name: str = "orders"
    users: list[str] = field(default_factory=list)


@flow.extract
def list_users(spec: Spec) -> list[str]:
    """List the users."""
    return spec.users


@flow.transform
def shout(spec: Spec, lines: list[str]) -> list[str]:
    """Make lines loud."""
    return [line.upper() for line in lines]


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.pipeline(list_users, shout)
