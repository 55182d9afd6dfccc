"""What is installed in a cluster: every subclass of Addon is known."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from .state import Cluster


class Addon(ABC):
    """Something to install."""

    known: ClassVar[dict[str, type[Addon]]] = {}
    after: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls, name: str = "", **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if name:
            Addon.known[name] = cls

    @abstractmethod
    def manifests(self, cluster: Cluster) -> list[str]:
        """Return what has to be applied."""


class _Chart(Addon):
    """What a chart brings."""

    chart = ""

    def manifests(self, cluster: Cluster) -> list[str]:
        """Return the chart."""
        return [f"{self.chart}@{cluster.name}"]


class Dns(_Chart, name="dns"):
    """Names for services."""

    chart = "core/dns"


class Ingress(_Chart, name="ingress"):
    """The way in."""

    chart = "core/ingress"
    after = ("dns",)


class Volumes(Addon, name="volumes"):
    """Storage for those who have it."""

    def manifests(self, cluster: Cluster) -> list[str]:
        """Return a volume for each machine."""
        return [f"volume/{machine.name}" for machine in cluster.inventory]


def ordered() -> list[str]:
    """Return the names of all add-ons, each behind those that it needs."""
    found: list[str] = []

    def add(name: str) -> None:
        for needed in Addon.known[name].after:
            add(needed)
        if name not in found:
            found.append(name)

    for name in sorted(Addon.known):
        add(name)
    return found
