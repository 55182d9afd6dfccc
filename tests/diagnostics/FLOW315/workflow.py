"""Set up a database."""

from __future__ import annotations

from collections.abc import Callable
from transpiler import flow


@flow.step
def rename(spec: dict[str, str], change: Callable[[str], str]) -> None:
    """Change the names."""
    spec["name"] = change(spec["name"])


def add_prefix(prefix: str) -> flow.Step[dict[str, str]]:
    """Put a prefix before all names."""
    return rename(lambda user: prefix + user)


@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    print(spec)


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.in_serial(
        flow.for_each(lambda spec: list(spec), lambda user: add_prefix(user))
    )
