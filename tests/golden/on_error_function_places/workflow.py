"""Handlers of errors inside of other things."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from transpiler import flow

log = logging.getLogger(__name__)


@dataclass
class Fleet:
    """Servers to upgrade."""

    careful: bool = False
    done: set[str] = field(init=False, default_factory=set)


@flow.extract
def servers(fleet: Fleet) -> list[str]:
    """Ask the inventory."""
    return ["web", "db"]


@flow.step
def upgrade(fleet: Fleet, server: str) -> None:
    """Install the new version."""
    fleet.done.add(f"upgrade {server}")


@flow.step
def restart(fleet: Fleet, server: str) -> None:
    """Switch it off and on again."""
    fleet.done.add(f"restart {server}")


@flow.step
def report(fleet: Fleet, text: str) -> None:
    """Tell somebody."""
    fleet.done.add(text)


def guarded(server: str) -> flow.Step[Fleet]:
    """Upgrade a server, and restart it where that fails."""

    def rescue(fleet: Fleet, error: Exception) -> flow.Step[Fleet] | None:
        if fleet.careful:
            log.warning("%s is left as it is: %s", server, error)
            return None
        return flow.do(restart(server), report(f"{server}: {error}"))

    return flow.on_error(upgrade(server), rescue)


def patient(server: str, tries: int) -> flow.Step[Fleet]:
    """Upgrade a server, and restart it if it is worth the while."""

    def consider(fleet: Fleet, error: Exception) -> flow.Step[Fleet] | None:
        """Say whether a restart may help."""
        while tries > len(fleet.done):
            fleet.done.add(f"wait for {server}, {len(fleet.done)}")
        if tries > 2 and isinstance(error, OSError):
            return flow.do(restart(server), report(f"{error}"), join_errors=True)
        return None

    return flow.on_error(upgrade(server), consider)


@flow.workflow
def upgrade_fleet() -> flow.Step[Fleet]:
    """Upgrade a fleet."""
    return flow.do(
        flow.retry(
            flow.on_error(
                upgrade("canary"),
                lambda fleet, error: (
                    report(f"{error}") if fleet.careful else restart("canary")
                ),
            ),
            flow.up_to(2),
        ),
        flow.in_parallel(
            flow.on_error(upgrade("north"), lambda fleet, error: report(str(error))),
            guarded("south"),
        ),
        patient("west", 3),
        flow.in_serial(
            flow.for_each(
                servers,
                lambda server: flow.on_error(
                    upgrade(server),
                    lambda fleet, error: flow.do(
                        restart(server), report(f"{server.upper()}: {error}")
                    ),
                ),
            )
        ),
        flow.in_parallel(flow.for_each(servers, guarded), limit=2),
        flow.with_timeout(60, flow.on_error(upgrade("last"), lambda fleet, e: None)),
        flow.with_timeout(
            60,
            flow.on_error(
                flow.do(upgrade("east"), flow.sleep(5), restart("east")),
                lambda fleet, e: (
                    report(f"{e}") if fleet.careful else flow.do(restart("east"))
                ),
            ),
        ),
    )
