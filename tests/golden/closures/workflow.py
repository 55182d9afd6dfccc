"""An archive whose steps are made by constructors."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Archive:
    """An archive."""

    entries: list[str] = field(init=False, default_factory=list)


def query(table: str) -> Callable[[Archive], None]:
    """Make a step with a text of several lines."""

    def run(archive: Archive) -> None:
        archive.entries.append(f"""
            SELECT *
              FROM {table}
        """)

    return run


def stamp(text: str) -> Callable[..., None]:
    """Make a step that has an option."""

    def run(archive: Archive, ink: str = "red") -> None:
        archive.entries.append(f"{text} in {ink}")

    return run


def lend(book: str) -> flow.Step[Archive]:
    """Make a step by a decorated function."""

    @flow.step
    def run(archive: Archive, days: int = 7) -> None:
        archive.entries.append(f"{book} for {days} days")

    return flow.do(run(), run(14), run(days=21))


@flow.workflow
def run_archive() -> flow.Step[Archive]:
    """Run an archive for a day."""

    def lock(archive: Archive) -> None:
        archive.entries.append("lock")

    return flow.do(
        query("deeds"),
        stamp("returned"),
        functools.partial(stamp("paid"), ink="blue"),
        lend("atlas"),
        flow.in_serial(flow.for_each(["will", "map"], lambda name: stamp(name))),
        lock,
    )
