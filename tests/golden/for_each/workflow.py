"""Loops over extracts, constants, literals and lambdas."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

ROLES = ["reader", "writer"]


@dataclass
class Directory:
    """Accounts by name."""

    teams: list[str] = field(default_factory=lambda: ["ops", "dev"])
    accounts: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_teams(directory: Directory, suffix: str = "") -> list[str]:
    """Read the teams."""
    return [f"{team}{suffix}" for team in directory.teams]


@flow.step
def create(directory: Directory, name: str) -> None:
    """Create an account."""
    directory.accounts.append(name)


@flow.step
def report(directory: Directory) -> None:
    """Say how many accounts there are."""
    directory.accounts.append(f"{len(directory.accounts)} accounts")


@flow.workflow
def fill_directory() -> flow.Step[Directory]:
    """Fill a directory."""
    return flow.in_serial(
        flow.for_each(list_teams, create),
        flow.for_each(list_teams("-lead"), create),
        flow.for_each(ROLES, create),
        flow.for_each(("root", "guest"), create),
        flow.for_each(range(2), lambda number: create(f"bot-{number}")),
        flow.for_each(lambda directory: directory.teams, lambda team: create(team)),
        flow.for_each(["a", "b"], lambda _: report()),
    )
