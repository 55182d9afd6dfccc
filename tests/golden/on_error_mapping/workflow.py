"""Errors of which each has a cure of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


class QuotaError(Exception):
    """There is no room for it."""


class LockedError(QuotaError):
    """There may be room later."""


NETWORK = (ConnectionError, TimeoutError)


@dataclass
class Bucket:
    """A bucket of files in the cloud."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def upload(bucket: Bucket, name: str) -> None:
    """Upload a file."""
    bucket.journal.append(f"upload {name}")


@flow.step
def delete(bucket: Bucket, name: str) -> None:
    """Delete a file."""
    bucket.journal.append(f"delete {name}")


@flow.step
def wait(bucket: Bucket) -> None:
    """Give it time."""
    bucket.journal.append("wait")


@flow.workflow
def fill_bucket() -> flow.Step[Bucket]:
    """Fill a bucket."""
    return flow.do(
        flow.on_error(
            upload("film"),
            {
                LockedError: wait,
                # Old backups are the first to go.
                QuotaError: flow.do(delete("backup"), upload("film")),
                NETWORK: None,
                (KeyError, IndexError): upload("index"),
            },
        ),
        flow.on_error(delete("cache"), {FileNotFoundError: None}),
        flow.on_error(flow.do(upload("a"), upload("b")), {(OSError, QuotaError): None}),
        flow.on_error(
            flow.do(upload("c"), upload("d"), join_errors=True),
            {QuotaError: delete("c"), ExceptionGroup: None},
        ),
        flow.on_error(upload("e"), {}),
    )
