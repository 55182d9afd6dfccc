"""Durations that are timedeltas, some of them known only in a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from transpiler import flow

PAUSES = {"web": timedelta(seconds=7), "db": timedelta(minutes=1)}


@dataclass(frozen=True)
class Server:
    """A server, and how long it may take."""

    name: str
    patience: timedelta = timedelta(seconds=90)


@dataclass
class Fleet:
    """Servers to upgrade."""

    careful: bool = False
    pause: timedelta = field(default=timedelta(seconds=20), init=False)
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def servers(fleet: Fleet) -> list[Server]:
    """Ask the inventory."""
    return [Server("web"), Server("db", timedelta(seconds=30))]


@flow.extract
def pauses(fleet: Fleet) -> list[timedelta]:
    """Return how long to wait between looks."""
    return [timedelta(seconds=1), timedelta(seconds=2.5)]


@flow.step
def upgrade(fleet: Fleet, server: str) -> None:
    """Install the new version."""
    fleet.journal.append(f"upgrade {server}")


@flow.step
def look(fleet: Fleet) -> None:
    """Look whether it answers."""
    fleet.journal.append("look")


def wait_and_look(fleet: Fleet, error: Exception) -> flow.Step[Fleet]:
    """Say what to do about a server that could not be upgraded."""
    long = timedelta(minutes=5)
    if fleet.careful:
        return flow.do(flow.sleep(long), look, flow.sleep(long / 2), look)
    if isinstance(error, OSError):
        return flow.do(flow.sleep(fleet.pause), look)
    return flow.retry(
        flow.with_timeout(timedelta(minutes=2), look),
        flow.up_to(2),
        flow.fixed_backoff(timedelta(seconds=10)),
    )


@flow.workflow
def upgrade_fleet() -> flow.Step[Fleet]:
    """Upgrade a fleet with pauses."""
    return flow.do(
        flow.sleep(timedelta(minutes=1)),
        flow.in_serial(
            flow.for_each(
                servers,
                lambda server: flow.with_timeout(
                    server.patience,
                    flow.do(
                        upgrade(server.name), flow.sleep(PAUSES[server.name]), look
                    ),
                ),
            ),
            flow.for_each(pauses, lambda pause: flow.do(flow.sleep(pause), look)),
            flow.for_each(
                [5, 10], lambda n: flow.do(flow.sleep(timedelta(seconds=n)), look)
            ),
            flow.for_each(
                [1, 2], lambda n: flow.do(flow.sleep(PAUSES["web"] * n), look)
            ),
        ),
        flow.on_error(upgrade("last"), wait_and_look),
    )
