"""Which machines there are."""

from __future__ import annotations

import enum
import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from types import MappingProxyType


class Role(enum.Flag):
    """What a machine does."""

    NONE = 0
    CONTROL = enum.auto()
    WORKER = enum.auto()
    STORAGE = enum.auto()
    BOTH = CONTROL | WORKER


class Zone(enum.IntEnum):
    """Where a machine stands."""

    NORTH = 1
    SOUTH = 2

    def other(self) -> Zone:
        """Return the zone to fail over to."""
        return Zone(3 - self)


NETWORK = ipaddress.ip_network("10.7.0.0/28")
ADDRESSES = [str(host) for host in NETWORK.hosts()]
FIRST, *OTHERS = ADDRESSES

# How long a machine may take; controllers take longer.
BOOT = timedelta(minutes=2)
TIMEOUTS: Mapping[Role, timedelta] = MappingProxyType(
    {Role.CONTROL: 2 * BOOT, Role.WORKER: BOOT}
)


@dataclass(order=True, frozen=True)
class Machine:
    """A machine."""

    name: str
    address: str = FIRST
    role: Role = Role.WORKER
    zone: Zone = Zone.NORTH
    taints: frozenset[str] = frozenset()

    def promoted(self) -> Machine:
        """Return the same machine as a controller."""
        return replace(self, role=self.role | Role.CONTROL)

    @property
    def is_controller(self) -> bool:
        """Whether it is one of the controllers."""
        return Role.CONTROL in self.role


@dataclass
class Inventory:
    """All machines."""

    machines: list[Machine] = field(default_factory=list)

    def __iter__(self) -> Iterator[Machine]:
        return iter(self.machines)

    @cached_property
    def by_name(self) -> dict[str, Machine]:
        """The machines by their names."""
        return {machine.name: machine for machine in self}

    def with_role(self, role: Role) -> list[Machine]:
        """Return the machines that have a role."""
        return [machine for machine in self if role in machine.role]


def numbered(prefix: str, addresses: Iterable[str]) -> list[Machine]:
    """Return a machine per address."""
    return [
        Machine(f"{prefix}-{number}", address, zone=Zone(1 + number % 2))
        for number, address in enumerate(addresses, start=1)
    ]


DEFAULT = Inventory([Machine("head", FIRST).promoted(), *numbered("node", OTHERS[:3])])
