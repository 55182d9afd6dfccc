"""Items that go through transforms before they become steps."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Inbox:
    """Tickets as they came in."""

    lines: list[str] = field(default_factory=lambda: ["2 low", "1 high", "3 none"])
    handled: list[str] = field(init=False, default_factory=list)
    noted: set[str] = field(init=False, default_factory=set)


@dataclass(frozen=True)
class Ticket:
    """What somebody wants."""

    number: int
    urgency: str


@flow.extract
def read_lines(inbox: Inbox) -> list[str]:
    """Read what came in."""
    return inbox.lines


@flow.transform
def parse(inbox: Inbox, lines: list[str]) -> list[Ticket]:
    """Make tickets of lines."""
    pairs = [line.split() for line in lines]
    return [Ticket(int(number), urgency) for number, urgency in pairs]


@flow.transform
def without(inbox: Inbox, tickets: list[Ticket], urgency: str) -> list[Ticket]:
    """Leave tickets of an urgency out."""
    return [ticket for ticket in tickets if ticket.urgency != urgency]


@flow.step
def handle(inbox: Inbox, number: int, urgency: str) -> None:
    """Handle a ticket."""
    inbox.handled.append(f"{number}: {urgency}")


@flow.step
def note(inbox: Inbox, line: str) -> None:
    """Keep a line."""
    inbox.noted.add(line)


@flow.workflow
def empty_inbox() -> flow.Step[Inbox]:
    """Handle what came in."""
    return flow.do(
        flow.in_serial(
            flow.from_(
                read_lines,
                parse,
                without("none"),
                lambda inbox, tickets: sorted(tickets, key=lambda t: t.number),
                flow.map_(lambda ticket: handle(ticket.number, ticket.urgency)),
            )
        ),
        flow.in_parallel(flow.from_(read_lines, flow.map_(note)), limit=3),
    )
