"""States that are derived from others."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Company:
    """A company with teams."""

    name: str = "acme"
    teams: list[str] = field(default_factory=lambda: ["red", "blue"])
    journal: list[str] = field(init=False, default_factory=list)


@dataclass
class Team:
    """A team, which writes into the company's journal."""

    name: str
    journal: list[str]


@dataclass
class Member:
    """Somebody of a team."""

    name: str
    team: Team


@flow.extract
def first_team(company: Company) -> Team:
    """Pick the oldest team."""
    return Team("founders", company.journal)


@flow.extract
def find_team(company: Company, name: str) -> Team:
    """Look a team up."""
    return Team(name, company.journal)


@flow.extract
def find_lead(team: Team) -> Member:
    """Ask who leads it."""
    return Member(f"lead of {team.name}", team)


@flow.step
def meet(team: Team, room: str) -> None:
    """Meet in a room."""
    team.journal.append(f"{team.name} meets in {room}")


@flow.step
def talk(member: Member) -> None:
    """Talk."""
    member.team.journal.append(f"{member.name} talks")


@flow.step
def celebrate(company: Company) -> None:
    """Celebrate."""
    company.journal.append("cheers")


@flow.workflow
def hold_meetings() -> flow.Step[Company]:
    """Have all teams meet."""
    return flow.do(
        flow.spawn(first_team, meet("hall")),
        flow.in_serial(
            flow.for_each(
                lambda company: company.teams,
                lambda name: flow.spawn(
                    find_team(name),
                    flow.do(meet("lobby"), flow.spawn(find_lead, talk)),
                ),
            )
        ),
        # The founders have the last word.
        flow.spawn(flow.from_(first_team, lambda company, team: team), meet("garden")),
        celebrate,
    )
