"""Set up a database."""

from __future__ import annotations

from a import a
from transpiler import flow

xml = 1


@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    a(), xml


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(run())
