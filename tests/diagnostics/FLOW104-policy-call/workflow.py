"""Set up a database."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import timedelta

from transpiler import flow

CALLS = int(os.environ.get("CALLS", "3"))
PAUSE = timedelta(seconds=2)
LONGEST = timedelta(seconds=CALLS)


@dataclass
class Spec:
    """What to set up."""

    users: list[str] = field(default_factory=list)


@flow.step
def create_user(spec: Spec, name: str) -> None:
    """Create a user."""
    spec.users.append(name)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    pause = float("0.5")
    return flow.do(
        flow.retry(create_user("a"), flow.up_to(int(os.environ.get("CALLS", "3")))),
        flow.retry(
            create_user("b"),
            flow.up_to(CALLS),
            flow.fixed_backoff(delay=float("1"), jitter=float("0.1")),
        ),
        flow.retry(
            create_user("c"),
            flow.exponential_backoff(pause, multiplier=float(2), max_delay=max(3, 4)),
        ),
        flow.retry(create_user("d"), flow.fixed_backoff(timedelta(seconds=1))),
        flow.retry(create_user("e"), flow.fixed_backoff(PAUSE, max_delay=LONGEST)),
    )
