"""Functions in a wrapper that the script would not have."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    users: list[str] = field(default_factory=list)


def twice(run: Callable[[Spec], None]) -> Callable[[Spec], None]:
    """Run a step twice."""

    @functools.wraps(run)
    def run_twice(spec: Spec) -> None:
        run(spec)
        run(spec)

    return run_twice


def create_user(spec: Spec) -> None:
    """Create a user."""
    spec.users.append("app")


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(twice(create_user), twice(lambda spec: spec.users.clear()))
