"""What differs between like steps: columns of constants, and what a loop reads them of.

A column may stand in a table of the script if the value of each row can be written
down, can't be changed by the step that it is given to, and is of the type of the
others: a type checker must be able to tell what the loop's variable is.
"""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import fractions
import pathlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transpiler.capture.files import source_file
from transpiler.frontend.literals import Unwritable, literal
from transpiler.frontend.secrets import variable_in
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Computed, Given, Item, Source
from transpiler.source import Span

_SIMPLE = (bool, int, float, complex, str, bytes)
_FIXED = (
    datetime.date,
    datetime.time,
    datetime.timedelta,
    decimal.Decimal,
    enum.Enum,
    fractions.Fraction,
    pathlib.PurePath,
    uuid.UUID,
)


Modules = Mapping[str, dict[str, Any]]
"""The names of modules, by their files."""


class Differ(Exception):
    """Steps are not alike, or differ in what no loop's variable can hold."""


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What one variable of the loop holds in each turn."""

    item: Item
    values: tuple[Any, ...]
    texts: tuple[str, ...]

    @property
    def is_simple(self) -> bool:
        """Whether it holds but numbers and strings, perhaps None."""
        return all(map(is_simple, self.values))


def is_simple(value: Any) -> bool:
    """Whether a value is a number, a string or None."""
    return value is None or type(value) in _SIMPLE


def column(name: str, values: Sequence[Any]) -> Column:
    """Return a column, or raise Differ if a loop's variable can't hold its values."""
    shapes = {_shape(value) for value in values if value is not None}
    if len(shapes) > 1 and shapes != {(int,), (float,)}:
        raise Differ
    texts = tuple(map(written, values))
    if variable_in(list(values)) is not None:
        # It is refused where it stands.
        raise Differ
    kinds = [shape[0].__name__ for shape in shapes if shape[0] in _SIMPLE]
    kind = "float" if len(kinds) > 1 else "".join(kinds)
    if kind and None in values:
        kind = f"{kind} | None"
    plain = name.lstrip("_")
    item = Item(plain if plain.isidentifier() else "value", kind=kind)
    return Column(item, tuple(values), texts)


def _shape(value: Any) -> tuple[Any, ...]:
    """Return the type of a value that can't change, with those of what it holds."""
    kind = type(value)
    if kind in _SIMPLE or isinstance(value, _FIXED):
        return (kind,)
    if kind is tuple:
        return (kind, *map(_shape, value))
    if kind is frozenset:
        return (kind, *sorted({_shape(element) for element in value}, key=repr))
    if value is None:
        return (None,)
    if _is_frozen(kind):
        for field in dataclasses.fields(value):
            _shape(getattr(value, field.name))
        return (kind,)
    if issubclass(kind, tuple) and hasattr(kind, "_fields"):
        for element in value:
            _shape(element)
        return (kind,)
    raise Differ


def is_fixed(value: Any) -> bool:
    """Return whether nothing can change a value."""
    try:
        _shape(value)
    except Differ:
        return False
    return True


def _is_frozen(kind: type) -> bool:
    parameters = getattr(kind, "__dataclass_params__", None)
    return parameters is not None and bool(parameters.frozen)


def written(value: Any) -> str:
    """Return a value's literal, with its type; or raise Differ if it has none.

    Two values are the same if what is written is: -0.0 is not 0, nor True 1.
    """
    kind = type(value)
    if kind in (bool, int, float, str):
        return f"{kind.__name__} {value!r}"
    try:
        made = literal(value)
    except Unwritable:
        raise Differ from None
    return f"{kind.__name__} {made.text} {made.imports} {made.globals}"


def table(columns: Sequence[Column], modules: Modules) -> ir.Extract | None:
    """Return the author's own constant that holds just these columns, if there is one.

    `modules` are the names of those where it may be, by their files.
    """
    for path, namespace in modules.items():
        file = source_file(path)
        # Those that a loop goes through: it is no accident that they hold the same.
        for name in sorted(file.constants & file.looped) if file else ():
            value = namespace.get(name)
            if not isinstance(value, (list, tuple, dict)) or not _holds(value, columns):
                continue
            place = Span(path)
            if isinstance(value, dict) and columns[1:]:
                pairs = Source(f"{name}.items()", namespace, {}, place)
                return ir.Value(Computed(pairs))
            return ir.Value(Given(value, Source(name, namespace, {}, place)))
    return None


def _holds(value: Any, columns: Sequence[Column]) -> bool:
    if len(value) != len(columns[0].values):
        return False
    if not columns[1:]:
        return _are(columns[0], value)
    rows = list(value.items() if isinstance(value, dict) else value)
    if any(type(row) is not tuple or len(row) != len(columns) for row in rows):
        return False
    found = zip(*rows, strict=True)
    return all(_are(each, values) for each, values in zip(columns, found, strict=True))


def _are(each: Column, values: Any) -> bool:
    pairs = zip(each.values, values, each.texts, strict=True)
    try:
        return all(one is two or written(two) == text for one, two, text in pairs)
    except Differ:
        return False


def rows(columns: Sequence[Column], count: int) -> ir.Extract:
    """Return what a loop reads its columns of: a range, or a list."""
    match columns:
        case ():
            return ir.Value(Given(range(count)))
        case (only,):
            return ir.Value(Given(_range(only.values) or list(only.values)))
        case _:
            return ir.Value(Given(list(zip(*(x.values for x in columns), strict=True))))


def _range(values: tuple[Any, ...]) -> range | None:
    if any(type(value) is not int for value in values):
        return None
    step = values[1] - values[0]
    if not step:
        return None
    # As a person would write its end, who counts in steps.
    found = range(values[0], values[-1] + step, step)
    return found if tuple(found) == values else None
