"""Providers of which each gets its turn."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Archive:
    """An archive with tapes."""

    tapes: list[str] = field(default_factory=lambda: ["a1", "a2"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_tapes(archive: Archive) -> list[str]:
    """Read the catalogue."""
    return archive.tapes


@flow.extract
def list_disks(archive: Archive, room: int) -> list[str]:
    """Read the catalogue of a room."""
    return [f"disk {room}.{number}" for number in range(2)]


@flow.step
def verify(archive: Archive, medium: str) -> None:
    """Read a medium, and compare checksums."""
    archive.journal.append(f"verify {medium}")


@flow.step
def report(archive: Archive) -> None:
    """Write down what was found."""
    archive.journal.append("report")


@flow.workflow
def verify_archive() -> flow.Step[Archive]:
    """Verify all media, and say at the end which are broken."""
    return flow.do(
        flow.in_serial(
            flow.for_each(list_tapes, verify),
            flow.for_each([1, 2], lambda room: verify(f"index of room {room}")),
            verify("catalogue"),
            flow.named("disks", flow.for_each(list_disks(3), verify)),
            flow.steps(verify("stamps"), verify("letters")),
            join_errors=True,
        ),
        report,
    )
