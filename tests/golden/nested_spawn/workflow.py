"""Child states of a state that changes."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Ticket:
    """Something to do."""

    number: int
    urgent: bool
    journal: list[str]


@dataclass
class Desk:
    """A desk with tickets."""

    left: int = 3
    awake: bool = True
    journal: list[str] = field(init=False, default_factory=list)


@flow.predicate
def has_tickets(desk: Desk) -> bool:
    """Look whether there is something to do."""
    return desk.left > 0


@flow.extract
def next_ticket(desk: Desk) -> Ticket:
    """Take the next one."""
    desk.left -= 1
    return Ticket(desk.left, desk.left % 2 == 0, desk.journal)


@flow.predicate
def is_urgent(ticket: Ticket) -> bool:
    """Read the label."""
    return ticket.urgent


@flow.step
def answer(ticket: Ticket, words: str) -> None:
    """Answer a ticket."""
    ticket.journal.append(f"{ticket.number}: {words}")


@flow.step
def sleep_on_it(desk: Desk) -> None:
    """Do nothing, but one less is left."""
    desk.left -= 1


@flow.workflow
def work_off() -> flow.Step[Desk]:
    """Work until nothing is left."""
    return flow.while_(
        has_tickets,
        flow.when(
            lambda desk: desk.awake,
            flow.spawn(
                next_ticket,
                flow.when(is_urgent, answer("at once"), answer("later")),
            ),
            sleep_on_it,
        ),
    )
