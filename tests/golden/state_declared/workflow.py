"""A lamp, switched by lambdas."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Lamp:
    """A lamp."""

    color: str = "white"
    journal: list[str] = field(init=False, default_factory=list)


@flow.workflow
def blink() -> flow.Step[Lamp]:
    """Switch the lamp on and off."""
    return flow.do(
        lambda lamp: lamp.journal.append(f"{lamp.color} on"),
        lambda lamp: lamp.journal.append("off"),
    )
