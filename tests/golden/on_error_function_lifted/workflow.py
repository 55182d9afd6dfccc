"""Handlers of errors that do not fit into an except branch."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from transpiler import flow

log = logging.getLogger(__name__)


class SyncError(Exception):
    """Something is not the same everywhere."""


@dataclass
class Mirror:
    """Copies of a file."""

    hosts: list[str] = field(init=False, default_factory=lambda: ["a", "b"])
    done: list[str] = field(init=False, default_factory=list)


@flow.step
def copy(mirror: Mirror, host: str) -> None:
    """Copy it to a host."""
    mirror.done.append(f"copy {host}")


@flow.step
def clean(mirror: Mirror, host: str) -> None:
    """Remove what was copied in part."""
    mirror.done.append(f"clean {host}")


@flow.step
def count(mirror: Mirror) -> None:
    """Count the copies."""
    mirror.done.append("count")


def clean_first(mirror: Mirror, error: Exception) -> flow.Step[Mirror] | None:
    """Clean the host that the error is about."""
    for host in mirror.hosts:
        if f"copy {host}" not in mirror.done:
            return clean(host)
    log.warning("nothing to clean: %s", error)
    return None


def explain(mirror: Mirror, error: Exception) -> flow.Step[Mirror] | None:
    """Say it in our words.

    What can't be explained is counted.
    """
    if isinstance(error, KeyError):
        return flow.do(count(), clean(f"{error}")) if mirror.done else None
    if isinstance(error, OSError):
        raise SyncError(f"not copied: {error}")
    try:
        first = mirror.hosts[0]
    except IndexError:
        return None
    return clean(first)


def count_anyway(mirror: Mirror, error: Exception) -> flow.Step[Mirror] | None:
    """Count what is there."""
    log.info("counting after %s", error)
    return count()


@flow.workflow
def copy_everywhere() -> flow.Step[Mirror]:
    """Copy a file to its mirrors."""
    return flow.do(
        flow.on_error(copy("a"), clean_first),
        flow.on_error(copy("b"), explain),
        flow.on_error(copy("c"), count_anyway),
        flow.on_error(copy("d"), count_anyway),
    )
