"""What all sources have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from ..schema import Row, Table

NAME = "base"
SOURCES: dict[str, type[Source]] = {}


class Source:
    """A source of rows."""

    pages: ClassVar[int] = 2

    def __init__(self, table: Table) -> None:
        self.table = table

    def __init_subclass__(cls) -> None:
        SOURCES[cls.__name__.lower()] = cls

    def rows(self) -> Iterator[Row]:
        """Yield all rows."""
        for page in range(self.pages):
            yield from self.page(page)

    def page(self, number: int) -> list[Row]:
        """Return some of the rows."""
        return [{"id": f"{NAME}{number}", "name": self.table.name}]
