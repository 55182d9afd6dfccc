"""Set up a database."""

from __future__ import annotations


from transpiler import flow

try:
    from fast import dumps
except ImportError:
    from json import dumps


@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    spec["json"] = dumps({})


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(run())
