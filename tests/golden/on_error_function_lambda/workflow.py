"""Lambdas decide what to do about errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from transpiler import flow


@dataclass
class Release:
    """A release in the making."""

    urgent: bool = False
    steps: list[str] = field(init=False, default_factory=list)


@flow.step
def deploy(release: Release, place: str) -> None:
    """Install it."""
    release.steps.append(f"deploy {place}")


@flow.step
def roll_back(release: Release) -> None:
    """Install the version before it."""
    release.steps.append("roll back")


@flow.step
def tell(release: Release, channel: str, text: str) -> None:
    """Say what happened."""
    release.steps.append(f"{channel}: {text}")


def complain(
    release: Release, error: Exception, channel: str, prefix: str = "failed: "
) -> flow.Step[Release] | None:
    """Say what happened where it may be said."""
    text = prefix + str(error)
    return tell(channel, f"{channel}: {text}") if release.urgent else None


@flow.workflow
def publish() -> flow.Step[Release]:
    """Publish a release."""
    return flow.do(
        flow.on_error(deploy("test"), lambda release, error: roll_back()),
        flow.on_error(
            deploy("europe"),
            # What is urgent is not taken back.
            lambda release, error: (
                tell("ops", f"{type(error).__name__}: {error}")
                if release.urgent
                else flow.do(roll_back(), tell("dev", str(error)))
            ),
        ),
        flow.on_error(deploy("asia"), lambda release, e: None),
        flow.on_error(
            deploy("america"),
            lambda r, e: (
                roll_back()
                if isinstance(e, OSError)
                else tell("a", "b") if r.urgent else None
            ),
        ),
        flow.on_error(deploy("africa"), partial(complain, channel="ops")),
    )
