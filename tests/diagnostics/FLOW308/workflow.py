"""Set up a database."""

from __future__ import annotations

import helpers
from transpiler import flow


@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    helpers.level = 2


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(run())
