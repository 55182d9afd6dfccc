"""A function decides what to do about an error."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from transpiler import flow

log = logging.getLogger(__name__)


class QuotaError(Exception):
    """There is no room."""


@dataclass
class Spec:
    """The databases to create."""

    strict: bool = False
    databases: list[str] = field(init=False, default_factory=list)
    messages: list[str] = field(init=False, default_factory=list)


@flow.step
def create_database(spec: Spec, size: str) -> None:
    """Run CREATE DATABASE."""
    spec.databases.append(size)


@flow.step
def free_quota(spec: Spec) -> None:
    """Remove what nobody uses."""
    spec.databases.clear()


@flow.step
def notify(spec: Spec, text: str) -> None:
    """Tell the people on duty."""
    spec.messages.append(text)


def recover(spec: Spec, error: Exception) -> flow.Step[Spec] | None:
    """Decide what to do about a database that could not be created."""
    if isinstance(error, QuotaError):
        log.warning("quota: %s", error)
        return flow.do(free_quota(), create_database("small"))
    if isinstance(error, FileExistsError):  # it is there
        return None  # and that is well
    # Who holds the lock is told in the text.
    reason = str(error)
    if "injected" in reason and not spec.strict:
        return notify(reason)  # somebody will look at it
    raise error


def forgive(state: Spec, exc: Exception) -> flow.Step[Spec] | None:
    """Decide what to do about a message that was not sent."""
    if state.strict:
        raise
    attempts = 0
    for message in state.messages:
        # Only what was sent counts.
        attempts += message != """nothing
  at all"""

    if attempts > 3:
        # That should be enough.
        return None
    if isinstance(exc, ConnectionError):
        return create_database("spare")

    text = f"{exc} ({attempts=})"
    return notify(text)


@flow.workflow
def create_databases() -> flow.Step[Spec]:
    """Create databases, and tell somebody."""
    return flow.do(
        # The first one is large.
        flow.on_error(create_database("large"), recover),
        flow.on_error(notify("done"), forgive),
    )
