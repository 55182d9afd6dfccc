"""Functions that are made in a loop, and get or keep the value of their turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Fleet:
    """Servers."""

    seen: list[str] = field(default_factory=list)


@flow.step
def see(fleet: Fleet, server: str) -> None:
    """See a server."""
    fleet.seen.append(server)


def seeing(server: str) -> flow.Step[Fleet]:
    """Return a closure."""

    def run(fleet: Fleet) -> None:
        fleet.seen.append(server)

    return flow.do(run)


@flow.workflow
def provision() -> flow.Step[Fleet]:
    """Provision it."""
    steps: list[flow.Step[Fleet]] = []
    kept: list[Callable[[Fleet], None]] = []
    for server in ["a", "b"]:
        # A combinator takes the value of the turn.
        steps.append(flow.when(lambda fleet: server in fleet.seen, see(server)))
        steps.append(seeing(server))
        kept.append(lambda fleet, server=server: fleet.seen.append(server))
        # It reads nothing of the loop.
        kept.append(lambda fleet: fleet.seen.append("x"))
        # It has a name of its own that is called the same.
        kept.append(lambda fleet: [server for server in fleet.seen].clear())

        @flow.step
        def look(fleet: Fleet) -> None:
            """Look at a server."""
            fleet.seen.append(server)

        steps.append(look())

        @flow.step
        def look_again(fleet: Fleet) -> None:
            """Look at a server again."""
            fleet.seen.append(server)

        steps.append(flow.do(look_again))
        # A list of the turn's own.
        row: list[Callable[[Fleet], None]] = []
        row.append(lambda fleet: fleet.seen.append(server))
        steps.append(flow.do(*row))
        fits = sorted([server], key=lambda name: (name, server))
        steps.append(see(fits[0]))
    return flow.do(
        *steps,
        *kept,
        *[flow.do(lambda fleet: fleet.seen.append(letter)) for letter in "xyz"],
        flow.in_serial(
            *[
                flow.for_each(["1", "2"], lambda item: see(f"{item} of {letter}"))
                for letter in "xyz"
            ]
        ),
    )
