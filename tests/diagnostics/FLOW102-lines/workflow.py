"""Set up a database."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    name: str = "orders"
    users: list[str] = field(default_factory=list)


@flow.step
def grant(spec: Spec, username: str, privilege: str, *, on: str) -> None:
    """Grant a privilege."""
    spec.users.append(f"{username} {privilege} {on}")


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    return flow.do(
        grant(
            # The one that reads.
            "app",
            privilege="ALL",
        ),
    )
