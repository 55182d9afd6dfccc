"""Set up a database."""

from __future__ import annotations


from transpiler import flow


def traced(step: object) -> object:
    """Trace what it decorates."""
    return step


@traced
@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    print(spec)


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(run())
