"""Tell operators what happened."""

from __future__ import annotations

from dataclasses import dataclass, field

import senders  # noqa: F401
from alerts import ORDER, SENDERS
from settings import ATTEMPTS, CHANNELS

from transpiler import flow


@dataclass
class Incident:
    """What happened, and what was sent."""

    text: str = "disk full"
    sent: list[str] = field(default_factory=list)


@flow.step
def send(incident: Incident, channel: str) -> None:
    """Send it on one channel."""
    incident.sent.append(SENDERS[channel](incident.text))


@flow.step
def close(incident: Incident) -> None:
    """Note the stages that it went through."""
    incident.sent += [f"{before}, then {after}" for before, after in ORDER]


@flow.workflow
def report() -> flow.Step[Incident]:
    """Send an incident on all channels."""
    return flow.do(
        flow.in_serial(
            flow.for_each(
                CHANNELS,
                lambda channel: flow.retry(send(channel), flow.up_to(ATTEMPTS)),
            )
        ),
        close(),
    )
