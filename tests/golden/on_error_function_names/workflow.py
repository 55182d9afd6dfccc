"""Handlers of errors whose steps are named after them."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Fleet:
    """Servers to upgrade."""

    careful: bool = False
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def upgrade(fleet: Fleet, server: str) -> None:
    """Install the new version."""
    fleet.journal.append(f"upgrade {server}")


@flow.step
def restart(fleet: Fleet, server: str) -> None:
    """Switch it off and on again."""
    fleet.journal.append(f"restart {server}")


@flow.step
def report(fleet: Fleet) -> None:
    """Say where this is."""
    fleet.journal.append(".".join(flow.names()))


def rescue(fleet: Fleet, error: Exception) -> flow.Step[Fleet]:
    """Restart, under the name of the handler."""
    if fleet.careful:
        return flow.with_logging(flow.do(restart("web"), report))
    return flow.auto_named(flow.with_logging(flow.do(restart("web"), report)))


@flow.workflow
def upgrade_fleet() -> flow.Step[Fleet]:
    """Upgrade a fleet."""
    return flow.named("fleet", flow.on_error(upgrade("web"), rescue))
