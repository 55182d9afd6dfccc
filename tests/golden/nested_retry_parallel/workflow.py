"""Retries inside and outside of branches."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Mirror:
    """A mirror of packages."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def fetch(mirror: Mirror, package: str, version: int) -> None:
    """Fetch a version of a package."""
    mirror.journal.append(f"fetch {package} {version}")


@flow.step
def index(mirror: Mirror, package: str) -> None:
    """Write down which versions there are."""
    mirror.journal.append(f"index {package}")


@flow.step
def sign(mirror: Mirror) -> None:
    """Sign the whole."""
    mirror.journal.append("sign")


def copy(package: str) -> flow.Step[Mirror]:
    """Copy a package with its versions."""
    return flow.do(
        flow.in_serial(
            flow.for_each(
                [1, 2],
                lambda version: flow.retry(
                    fetch(package, version),
                    flow.up_to(2),
                    flow.fixed_backoff(1),
                    on=ConnectionError,
                ),
            )
        ),
        index(package),
    )


@flow.workflow
def update_mirror() -> flow.Step[Mirror]:
    """Bring a mirror up to date."""
    return flow.retry(
        flow.do(
            flow.in_parallel(flow.for_each(["black", "ruff"], copy)),
            flow.ignore_error(sign()),
        ),
        flow.up_to(2),
        flow.exponential_backoff(10),
    )
