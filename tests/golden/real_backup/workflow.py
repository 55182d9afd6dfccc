"""Back up every database of a server."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from transpiler import flow

log = logging.getLogger("backup")

KEEP = 7


@dataclass
class Server:
    """A database server, and where its backups go."""

    # The folder for dumps.
    folder: Path = Path("/var/backups")
    # Whether to copy the dumps to another region.
    offsite: bool = False
    databases: list[str] = field(default_factory=lambda: ["orders", "users"])
    locked: list[str] = field(init=False, default_factory=list)
    stored: list[str] = field(init=False, default_factory=list)


class ThrottledError(Exception):
    """The storage wants us to be slower."""


@flow.extract
@contextmanager
def maintenance(server: Server) -> Iterator[Server]:
    """Keep the schema from being changed in the meantime."""
    server.locked.append("schema")
    try:
        yield server
    finally:
        server.locked.remove("schema")


@flow.extract
def list_databases(server: Server) -> list[str]:
    """Ask the catalog."""
    return sorted(server.databases)


@flow.step
def dump(server: Server, database: str, to: Path) -> None:
    """Write a consistent dump."""
    log.info("dump %s to %s", database, to)


@flow.step
def upload(server: Server, path: Path, *, region: str = "eu") -> None:
    """Send a dump to the storage."""
    server.stored.append(f"{region}:{path.name}")


@flow.step
def remove(server: Server, path: Path) -> None:
    """Remove a dump from the disk."""
    log.info("remove %s", path)


@flow.step
def prune(server: Server, keep: int) -> None:
    """Forget old backups."""
    server.stored.sort()


@flow.step
def page(server: Server, text: str) -> None:
    """Wake somebody up."""
    log.error("%s", text)


@flow.predicate
def is_offsite(server: Server) -> bool:
    """Return whether another region gets a copy."""
    return server.offsite


def path_of(database: str) -> Path:
    """Return where a dump lies."""
    return Path(f"{database}.dump")


def patiently(step: flow.Step[Server]) -> flow.Step[Server]:
    """Try again for as long as the storage is busy."""
    return flow.retry(
        step,
        flow.up_to(5),
        flow.exponential_backoff(2, jitter="full", max_delay=60),
        on=(ThrottledError, ConnectionError),
    )


def back_up(database: str) -> flow.Step[Server]:
    """Back up one database."""
    path = path_of(database)
    return flow.named(
        f"backup of {database}",
        flow.do(
            dump(database, path),
            flow.ensure(
                flow.do(
                    patiently(upload(path)),
                    # A second copy for when the first region burns.
                    flow.when(is_offsite, patiently(upload(path, region="us"))),
                ),
                remove(path),
            ),
        ),
    )


@flow.workflow
def back_up_server() -> flow.Step[Server]:
    """Back up all databases of a server, two at a time.

    What fails for one database does not keep the others from being backed up.
    """
    return flow.on_error(
        flow.do(
            flow.using(
                maintenance,
                flow.in_parallel(
                    flow.for_each(list_databases, back_up), limit=2, join_errors=True
                ),
            ),
            # The disk is large: tomorrow is another day.
            flow.ignore_error(prune(KEEP), on=OSError),
        ),
        {ExceptionGroup: page("some backups failed"), OSError: page("no backups")},
    )
