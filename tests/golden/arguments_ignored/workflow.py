"""Mount the disks of a server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from transpiler import flow


class DiskError(Exception):
    """A disk is broken."""


@dataclass
class Server:
    """What is set up."""

    journal: list[str] = field(init=False, default_factory=list)


def checked(text: str) -> str:
    """Return a name as it should be written."""
    if not text:
        raise ValueError("a disk without a name")
    return text.strip().lower()


@flow.step
def mount(server: Server, disk: str) -> None:
    """Mount a disk."""
    server.journal.append(f"mount {disk}")


def rescan(server: Server) -> None:
    """Look for disks."""
    server.journal.append("rescan")


@flow.step
def reboot(server: Server) -> None:
    """Start again."""
    server.journal.append("reboot")


def recover(disk: str) -> Callable[[Server], None]:
    """Recover any disk: there is one way only."""
    return rescan


def restart(disk: str) -> flow.Step[Server]:
    """Start again, whichever disk it is."""
    return flow.do(rescan, reboot)


def decide(
    server: Server, error: Exception
) -> flow.Step[Server] | Callable[[Server], None]:
    """Decide what to do about a disk."""
    if isinstance(error, DiskError):
        return recover(checked(str(error)))
    if isinstance(error, OSError):
        return flow.do(restart(checked("sda")), mount(checked("sda")))
    raise error


@flow.workflow
def set_up() -> flow.Step[Server]:
    """Set a server up."""
    return flow.do(
        flow.on_error(mount("sda"), decide),
        flow.in_serial(flow.for_each(["sdb", "sdc"], lambda d: restart(checked(d)))),
    )
