"""A workflow, a step and a state that share a name."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Deployment:
    """A deployment."""

    steps: list[str] = field(init=False, default_factory=list)


@flow.step
def roll_out(deploy: Deployment, version: str) -> None:
    """Roll a version out."""
    deploy.steps.append(version)


@flow.step
def steps(deploy: Deployment) -> None:
    """Count the steps."""
    deploy.steps.append(f"{len(deploy.steps)} steps")


@flow.workflow
def deploy() -> flow.Step[Deployment]:
    """Deploy it."""
    return flow.do(
        roll_out("1.0"),
        flow.in_serial(flow.for_each(["1.1"], lambda version: roll_out(version))),
        steps,
    )
