"""Functions that are made in a loop, and used after it."""

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


@flow.workflow
def provision() -> flow.Step[Fleet]:
    """Provision it."""
    checks: list[Callable[[Fleet], bool]] = []
    by_name: dict[str, Callable[[Fleet], None]] = {}
    steps = []
    for server in ["a", "b"]:
        checks.append(lambda fleet: server in fleet.seen)
        label = f"server {server}"
        by_name[server] = lambda fleet: fleet.seen.append(label)

        @flow.step
        def look(fleet: Fleet) -> None:
            """Look at a server."""
            fleet.seen.append(server.upper())

        steps.append(look)
    pairs = [(name, lambda fleet: fleet.seen.append(name)) for name in ("x", "y")]
    return flow.do(
        *[flow.when(check, see("again")) for check in checks],
        *by_name.values(),
        *steps,
        *[lambda fleet: fleet.seen.append(letter) for letter in "xyz"],
        *[step for _, step in pairs],
    )
