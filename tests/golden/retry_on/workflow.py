"""Retries after errors of certain types."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


class LockedError(RuntimeError):
    """Somebody else works on it."""


TEMPORARY = (LockedError, TimeoutError)


@dataclass
class Repository:
    """A repository with branches."""

    branches: list[str] = field(default_factory=lambda: ["main", "next"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def fetch(repository: Repository, branch: str) -> None:
    """Fetch a branch."""
    repository.journal.append(f"fetch {branch}")


@flow.step
def merge(repository: Repository, branch: str) -> None:
    """Merge a branch."""
    repository.journal.append(f"merge {branch}")


@flow.workflow
def synchronize() -> flow.Step[Repository]:
    """Bring everything up to date."""
    return flow.do(
        flow.retry(
            fetch("tags"), flow.up_to(3), flow.fixed_backoff(1), on=ConnectionError
        ),
        flow.retry(merge("tags"), flow.up_to(2), on=TEMPORARY),
        flow.in_serial(
            flow.for_each(
                lambda repository: repository.branches,
                lambda branch: flow.retry(
                    flow.do(
                        flow.retry(
                            fetch(branch),
                            flow.up_to(2),
                            flow.fixed_backoff(1),
                            on=(ConnectionError, TimeoutError),
                        ),
                        merge(branch),
                    ),
                    flow.up_to(3),
                    flow.fixed_backoff(10),
                    on=LockedError,
                ),
            )
        ),
    )
