"""What a function of the author's does, as far as the lints ask."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from transpiler.lint.places import Path, Place, Value
from transpiler.source import Span

Lock = Path | int | None
"""What tells locks apart: which part of the state it is, or the identity of a module's
own. None is one of which nothing more is known.
"""

Kind = Literal["set", "update", "change", "add", "take", "sql", "open"]


@dataclass(frozen=True, slots=True)
class Effect:
    """Something that a function does.

    To the state: it sets a part of it; updates one, or changes it further, by what it
    was; or adds to one or takes from it, in a single step. Outside: it runs an SQL
    statement, or opens a file to append. `text` is the source of what is changed, or of
    the statement, at `span`; `by` the function. `locks` are held by it.
    """

    kind: Kind
    place: Place
    text: str
    span: Span
    by: str
    value: Value = None
    locks: frozenset[Lock] = frozenset()
    conditional: bool = False
    caught: bool = False
    last: bool = False
    """Whether nothing that may fail comes after it in the function."""

    is_helped: bool = False
    """Whether it is in a function that the leaf calls."""

    @property
    def is_certain(self) -> bool:
        """Whether all is known of it that an argument could tell."""
        known = self.kind != "set" or self.value is not None
        return known and self.place.is_certain


@dataclass(frozen=True, slots=True)
class Within:
    """What a statement stands in; `locks` are held there."""

    locks: frozenset[Lock] = frozenset()
    conditional: bool = False
    caught: bool = False
    last: bool = True
    callers: tuple[object, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the effects, in order, and what the function returns."""

    effects: list[Effect] = field(default_factory=list)
    returned: list[Value] = field(default_factory=list)
