"""The states that runs begin with: what their fields are may be decided."""

from __future__ import annotations

import copy
import dataclasses
import enum
import typing
from collections.abc import Iterator, Mapping, Sized
from typing import Any, cast

from transpiler.verify.choices import Option
from transpiler.verify.leaves import MANY
from transpiler.verify.run import Run
from transpiler.verify.samples import (
    Opaque,
    hints_of,
    is_optional,
    is_series,
    plain_kind,
    sample,
)
from transpiler.verify.surroundings import Surroundings

MOST_VALUES = 8
"""So many values of a field are tried."""


def make_state(kind: Any, run: Run, around: Surroundings) -> Any:
    """Make the state that a run begins with; what its fields are may be decided."""
    made = sample(kind, "state") if kind is not None else Opaque("state")
    if dataclasses.is_dataclass(kind) and not isinstance(made, Opaque):
        _decide(made, "state", run, around, nested=False)
    return made


def _decide(
    made: Any, label: str, run: Run, around: Surroundings, *, nested: bool
) -> None:
    """Decide what the fields of a dataclass's instance are; of one in it, what is read.

    Expressions of the author's read some fields: those have more values to be.
    """
    hints = hints_of(cast(Any, type(made)))
    for each in dataclasses.fields(made):
        constants = around.looked.get(each.name)
        if constants is None and (nested or not each.init):
            continue
        kind, place = hints.get(each.name, Any), f"{label}.{each.name}"
        usual = getattr(made, each.name) if nested else _usual(each, kind, made, place)
        ways = [usual, *_otherwise(kind, place, usual)]
        if constants is not None:
            ways += _compared(kind, place, usual, constants, around.many)
        ways = list({(type(way), repr(way)): way for way in ways}.values())
        options = [Option(f"is {way!r}", way) for way in ways[:MOST_VALUES]]
        value = run.oracle.choose(place, options).effect
        if _has_fields(value, around.looked):
            # It may be a default that all instances share.
            value = copy.copy(value)
            _decide(value, place, run, around, nested=True)
        object.__setattr__(made, each.name, value)


def _has_fields(value: Any, names: Mapping[str, Any]) -> bool:
    is_instance = dataclasses.is_dataclass(value) and not isinstance(value, type)
    return is_instance and any(f.name in names for f in dataclasses.fields(value))


def _usual(each: dataclasses.Field[Any], kind: Any, made: Any, place: str) -> Any:
    if each.default is not dataclasses.MISSING:
        return each.default
    if each.default_factory is not dataclasses.MISSING:
        return each.default_factory()
    return sample(kind, place) if each.init else getattr(made, each.name, None)


def _otherwise(kind: Any, place: str, usual: Any) -> Iterator[Any]:
    """Yield what a field may be besides, whoever reads it."""
    if kind is bool:
        yield not usual
    elif typing.get_origin(kind) is typing.Literal:
        yield from (x for x in typing.get_args(kind) if x != usual)
    elif is_optional(kind):
        yield sample(kind, place) if usual is None else None


def _compared(
    kind: Any, place: str, usual: Any, constants: tuple[Any, ...], many: int
) -> Iterator[Any]:
    """Yield what makes a difference to expressions that compare it with constants."""
    kind = plain_kind(kind)
    numbers = [x for x in constants if isinstance(x, (int, float))]
    texts = [x for x in constants if isinstance(x, str)]
    if kind is str:
        yield from texts
        yield ""
    elif kind is int:
        yield from (int(x) + more for more in (0, 1, -1) for x in numbers)
        yield from (0, 1)
    elif kind is float:
        yield from (float(x) + more for more in (0, 1, -1) for x in numbers)
    elif isinstance(kind, type) and issubclass(kind, enum.Enum):
        yield from kind
    elif is_series(kind):
        if not isinstance(usual, Sized) or len(usual):
            yield sample(kind, place, 0)
        sizes = [MANY, many]
        for number in numbers:
            sizes += (n for n in (int(number), int(number) + 1) if MANY <= n < 10)
        yield from (sample(kind, place, size) for size in dict.fromkeys(sizes))
        if typing.get_args(kind) == (str,) and texts:
            yield (typing.get_origin(kind) or list)(texts)
