"""Set up a database."""

from __future__ import annotations

from pathlib import Path
from transpiler import flow


@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    spec["template"] = (Path(__file__).parent / "my.cnf").read_text()


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(run())
