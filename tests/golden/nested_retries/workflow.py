"""Retries inside retries."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Rocket:
    """A rocket."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def ignite(rocket: Rocket, stage: int) -> None:
    """Ignite a stage."""
    rocket.journal.append(f"ignite {stage}")


def stage(number: int) -> flow.Step[Rocket]:
    """Ignite a stage, and those above it."""
    if number == 6:
        return ignite(number)
    return flow.retry(
        flow.do(ignite(number), stage(number + 1)), flow.up_to(2), on=OSError
    )


@flow.workflow
def launch() -> flow.Step[Rocket]:
    """Launch a rocket."""
    return stage(1)
