"""Steps that run again."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from transpiler import flow

ROUNDS = 2
SETTLING = timedelta(milliseconds=20)


@dataclass
class Pump:
    """A pump that is primed by hand."""

    strokes: list[str] = field(init=False, default_factory=list)


@flow.step
def stroke(pump: Pump, side: str = "left") -> None:
    """Move the lever once."""
    pump.strokes.append(side)


@flow.step
def open_valve(pump: Pump) -> None:
    """Let the water out."""
    pump.strokes.append("open")


@flow.workflow
def prime_pump() -> flow.Step[Pump]:
    """Prime the pump."""
    return flow.do(
        flow.repeat(3, stroke),
        flow.sleep(SETTLING),
        flow.repeat(
            ROUNDS,
            flow.do(flow.repeat(2, stroke("right")), stroke(), flow.sleep(0.015)),
        ),
        flow.sleep(timedelta(0)),
        flow.in_serial(
            flow.for_each(
                [1, 2], lambda n: flow.do(flow.repeat(n, stroke), flow.sleep(n / 100))
            )
        ),
        flow.repeat(0, stroke),
        flow.repeat(2, flow.do()),
        open_valve,
    )
