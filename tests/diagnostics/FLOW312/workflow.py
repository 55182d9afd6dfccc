"""Set up a database."""

from __future__ import annotations

from models import kinds
from transpiler import flow


@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    print(kinds())


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(run())
