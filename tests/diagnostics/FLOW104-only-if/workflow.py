"""An error type that stands where a check belongs."""

from __future__ import annotations

from dataclasses import dataclass

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    name: str = "orders"


@flow.step
def connect(spec: Spec) -> None:
    """Connect."""
    raise ConnectionError(spec.name)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.retry(connect, flow.up_to(3), flow.only_if(ConnectionError))
