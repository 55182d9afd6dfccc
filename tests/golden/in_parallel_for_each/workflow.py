"""Steps for items that are known only at run time, at the same time."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Fleet:
    """The servers of a fleet."""

    servers: list[str] = field(default_factory=lambda: ["web-1", "web-2", "web-3"])
    patched: set[str] = field(init=False, default_factory=set)
    probed: set[str] = field(init=False, default_factory=set)


@flow.extract
def list_servers(fleet: Fleet) -> list[str]:
    """Ask the inventory."""
    return fleet.servers


@flow.step
def patch(fleet: Fleet, server: str) -> None:
    """Install what is new."""
    fleet.patched.add(server)


@flow.step
def probe(fleet: Fleet, server: str) -> None:
    """Ask the server how it is."""
    fleet.probed.add(server)


@flow.workflow
def patch_fleet() -> flow.Step[Fleet]:
    """Patch a fleet, two servers at a time."""
    return flow.do(
        flow.in_parallel(flow.for_each(list_servers, patch), limit=2),
        flow.in_parallel(flow.for_each(list_servers(), lambda server: probe(server))),
    )
