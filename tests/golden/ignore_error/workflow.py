"""Steps that may fail."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


class QuotaError(Exception):
    """There is no room for it."""


@dataclass
class Machine:
    """A machine with extras."""

    extras: list[str] = field(init=False, default_factory=list)


@flow.step
def add(machine: Machine, extra: str) -> None:
    """Add something that is nice to have."""
    machine.extras.append(extra)


@flow.step
def boot(machine: Machine) -> None:
    """Start it."""
    machine.extras.append("booted")


@flow.workflow
def equip() -> flow.Step[Machine]:
    """Equip a machine."""
    return flow.do(
        # The dashboard is nice to have.
        flow.ignore_error(flow.do(add("agent"), add("dashboard"))),
        flow.ignore_error(add("disk"), on=QuotaError),
        flow.ignore_error(add("printer"), (OSError, QuotaError)),
        flow.in_serial(
            flow.for_each(["red", "green"], lambda color: flow.ignore_error(add(color)))
        ),
        flow.ignore_error(
            flow.retry(
                add("camera"), flow.up_to(2), flow.fixed_backoff(5), on=ConnectionError
            )
        ),
        flow.ignore_error(flow.ignore_error(add("fan"), on=OSError), on=ValueError),
        boot,
    )
