"""Set up a database."""

from __future__ import annotations


from transpiler import flow


@flow.step
def connect(spec: dict[str, str]) -> None:
    """Connect."""


@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    flow.retry(connect.fn(spec))


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(run())
