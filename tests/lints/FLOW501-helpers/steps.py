"""Helpers that are passed the state."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Statistics:
    """What was counted."""

    hits: int = 0

    def hit(self) -> None:
        """Count."""
        self.hits += 1


@dataclass
class Site:
    """A site."""

    statistics: Statistics = field(default_factory=Statistics)
    bytes: int = 0
    pages: dict[str, int] = field(default_factory=dict)

    def visit(self, times: int) -> None:
        """Count some times."""
        for _ in range(times):
            self.statistics.hit()


def record(site: Site, size: int) -> None:
    """Note what was sent."""
    _add(size, where=site)


def _add(size: int, where: Site) -> None:
    where.bytes += size


def count_page(pages: dict[str, int], page: str) -> None:
    """Count a page."""
    pages[page] += 1
