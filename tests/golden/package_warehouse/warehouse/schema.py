"""Tables and their columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, NewType, TypeVar, Union

T = TypeVar("T")
Row = Mapping[str, Any]
Name = NewType("Name", str)
Kind = Literal["text", "number"]
Key = Union["Name", tuple["Name", ...]]

CASTS: dict[Kind, Callable[[str], object]] = {}


def casts(kind: Kind) -> Callable[[Callable[[str], T]], Callable[[str], T]]:
    """Register how texts become values of a kind."""

    def register(cast: Callable[[str], T]) -> Callable[[str], T]:
        CASTS[kind] = cast
        return cast

    return register


@casts("number")
def number(text: str) -> float:
    """Read a number."""
    return float(text or 0)


CASTS["text"] = str.strip


@dataclass(frozen=True)
class Column(Generic[T]):
    """A column."""

    name: Name
    kind: Kind = "text"
    default: T | None = None

    def read(self, row: Row) -> object:
        """Return the value that a row has here."""
        if (found := row.get(self.name)) is None:
            return self.default
        return CASTS[self.kind](found)


@dataclass(frozen=True)
class Table:
    """A table."""

    name: Name
    columns: tuple[Column[Any], ...] = ()
    key: Key = Name("id")
    options: dict[str, Any] = field(default_factory=dict, hash=False)

    def __matmul__(self, rows: list[Row]) -> list[dict[str, object]]:
        return [{c.name: c.read(row) for c in self.columns} for row in rows]


def table(name: str, /, **columns: Kind) -> Table:
    """Make a table of the kinds of its columns."""
    every = (Column[str](Name(column), kind) for column, kind in columns.items())
    return Table(Name(name), tuple(every))
