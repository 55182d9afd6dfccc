"""Set up a database."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    users: list[str] = field(default_factory=list)


@flow.extract
def list_users(spec: Spec) -> list[str]:
    """Read the users."""
    return spec.users


def plain(spec: Spec) -> None:
    """Do nothing."""


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        flow.auto_named(plain),
        flow.with_logging(list_users()),
        flow.traced(list_users, to="trace.jsonl"),
    )
