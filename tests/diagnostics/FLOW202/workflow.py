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


@flow.extract
def list_teams(spec: Spec) -> list[list[str]]:
    """List the teams."""
    return [spec.users]


def set_up(team: list[str]) -> flow.Step[Spec]:
    """Loop over what is not known yet."""
    return flow.do(*[create_user(name) for name in team])


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.in_serial(
        flow.for_each(list_teams, set_up),
        flow.for_each(list_teams, lambda team: flow.do(*map(create_user, team))),
        flow.for_each(list_teams, lambda team: flow.do(*team)),
    )
