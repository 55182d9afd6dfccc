"""States to run workflows on, made from their types alone."""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Hashable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast


def make_state(kind: Any, given: Mapping[str, Any]) -> Any:
    """Make a state of a type; `given` are fields that should not be as ever."""
    if kind is None:
        return types.SimpleNamespace(**given)
    if not dataclasses.is_dataclass(kind):
        return kind()
    hints = _hints(cast(Any, kind))
    values = dict(given)
    for field in dataclasses.fields(kind):
        missing = dataclasses.MISSING
        has_default = (
            field.default is not missing or field.default_factory is not missing
        )
        if field.init and field.name not in values and not has_default:
            values[field.name] = _sample(hints[field.name], field.name)
    made: Any = kind
    return made(**values)


def _sample(kind: Any, name: str) -> Any:
    if dataclasses.is_dataclass(kind):
        return make_state(kind, {})
    origin = typing.get_origin(kind)
    if origin is typing.Literal:
        return typing.get_args(kind)[0]
    if origin in (typing.Union, types.UnionType):
        return None
    known: dict[Any, Any] = {str: name, int: 2, float: 0.5, bool: False}
    known[Path] = Path(name)
    return known[kind] if kind in known else (origin or kind)()


@functools.cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def variants(kind: Any) -> Iterator[dict[str, Any]]:
    """Yield the fields of states that differ: as ever, and each bit turned."""
    yield {}
    if not dataclasses.is_dataclass(kind):
        return
    hints = typing.get_type_hints(kind)
    turned: dict[str, Any] = {}
    for field in dataclasses.fields(kind):
        if not field.init:
            continue
        hint = hints[field.name]
        others: list[Any] = []
        if hint is bool:
            others = [field.default is not True]
        elif typing.get_origin(hint) is typing.Literal:
            others = [x for x in typing.get_args(hint) if x != field.default]
        for other in others:
            turned.setdefault(field.name, other)
            yield {field.name: other}
    if len(turned) > 1:
        yield turned
