"""Set up a database."""

from __future__ import annotations

from helpers import level, raise_level
from transpiler import flow


@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    raise_level()
    print(level)


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(run())
