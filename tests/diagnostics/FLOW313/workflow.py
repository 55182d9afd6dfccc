"""Set up a database."""

from __future__ import annotations

from base import KIND
from transpiler import flow


@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    KIND()


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(run())
