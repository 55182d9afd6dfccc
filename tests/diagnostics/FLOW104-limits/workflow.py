"""Set up a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    name: str = "orders"
    users: list[str] = field(default_factory=list)


@flow.step
def create_user(spec: Spec, username: str) -> None:
    """Create a user."""
    spec.users.append(username)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        flow.with_timeout(0, create_user("a")),
        flow.with_timeout(timedelta(seconds=-3), create_user("b")),
        flow.with_timeout("60", create_user("c")),
        flow.with_timeout(flow.env("PATIENCE"), create_user("d")),
        flow.with_deadline(date(2026, 1, 1), create_user("e")),
        flow.with_deadline(flow.env("NOON"), create_user("f")),
        # The environment holds text, wherever a number belongs.
        flow.sleep(flow.env("PAUSE")),
        flow.repeat(flow.env("TIMES"), create_user("g")),
        flow.in_parallel(create_user("h"), limit=flow.env("AT_ONCE")),
        flow.with_logging(create_user("i"), level=flow.env("LEVEL")),
    )
