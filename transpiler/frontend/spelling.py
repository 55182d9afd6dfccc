"""How an argument is written in the script: as its author did, or as a literal.

The author's expression stands where it is exact. A name that was local there is put in
as what it stood for; a name of a module is kept, and said to be one that is needed. The
rest is a literal that gives the same value, or a diagnostic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from transpiler.capture.files import source_file
from transpiler.diagnostics import refuse
from transpiler.frontend.literals import Unwritable, literal
from transpiler.frontend.references import substitute
from transpiler.frontend.secrets import variable_in
from transpiler.ir.expressions import (
    Computed,
    Expression,
    Given,
    Item,
    Let,
    Source,
    evaluate,
)
from transpiler.source import NOWHERE, Span

Name = Item | Let | tuple[str, str | None]
"""A loop item, or a name of a module: (module, name), or (module, None) for itself."""


@dataclass(frozen=True, slots=True)
class Spelled:
    """An expression as text, and what the names in it stand for in the script."""

    text: str
    names: Mapping[str, Name] = field(default_factory=dict)


def spell(expression: Expression, span: Span = NOWHERE) -> Spelled:
    """Write an expression out.

    Raises TranspileError where no text means the same; `span` says where if the
    expression has no place of its own.
    """
    match expression:
        case Item(name) | Let(name):
            return Spelled(name, {name: expression})
        case Computed(source):
            return _spell_source(source)
        case Given(value, source):
            if source is not None and _is_exact(source, value):
                return _spell_source(source)
            return _spell_value(value, source, source.span if source else span)


def spell_source(source: Source) -> Spelled:
    """Write an expression out as its author did, calls and all."""
    return _spell_source(source)


def _spell_source(source: Source) -> Spelled:
    names: dict[str, Name] = {}
    replacements: dict[str, str] = {}
    for name, inner in sorted(source.names.items()):
        spelled = spell(inner, source.span)
        text = _joined(spelled, names)
        if text != name:
            replacements[name] = text
    for name in sorted(source.reads - source.names.keys()):
        if name in source.globals:
            text = _joined(Spelled(name, {name: _meaning(name, source)}), names)
            if text != name:
                replacements[name] = text
        if name == "__file__":
            raise refuse(
                "FLOW207",
                "__file__ is another file in the script",
                span=source.span,
                hint="find the file in the step, from the working directory or the "
                "state",
            )
    return Spelled(substitute(source.text, replacements), names)


def _meaning(name: str, source: Source) -> Name:
    value = source.globals[name]
    if isinstance(value, ModuleType) and "__name__" not in source.globals:
        # An expression of ours, which no module holds.
        return value.__name__, None
    return source.module, name


def _joined(part: Spelled, names: dict[str, Name]) -> str:
    """Add a part's names to those of the whole; return its text, renamed on a clash."""
    changed: dict[str, str] = {}
    for name, meaning in part.names.items():
        free, number = name, 1
        while names.get(free, meaning) != meaning:
            number += 1
            free = f"{name}_{number}"
        names[free] = meaning
        if free != name:
            changed[name] = free
    return substitute(part.text, changed) if changed else part.text


def _spell_value(value: Any, source: Source | None, span: Span) -> Spelled:
    variable = variable_in(value)
    if variable is not None:
        raise refuse(
            "FLOW206",
            f"this argument holds the value of the environment variable {variable}",
            span=span,
            hint=f'pass flow.env("{variable}"), which is read when the script runs, or '
            "read it in the step",
        )
    try:
        written = literal(value)
    except Unwritable as problem:
        if source is not None and not source.calls and source.is_lambda:
            return _spell_source(source)
        raise refuse(
            "FLOW205",
            f"this argument is {problem}, which can't be written into the script",
            span=span,
            hint="make it in the step, or keep it in a constant of a module and name "
            "that in the argument",
        ) from None
    names: dict[str, Name] = {**written.imports, **written.globals}
    return Spelled(written.text, names)


def _is_exact(source: Source, value: Any) -> bool:
    """Whether an expression means in the script what it meant when it was built.

    One with local names does not: they are gone. One with names that a module binds
    more than once, such as a loop's, had the value of its turn.
    """
    if source.calls or source.names:
        return False
    read = source.reads & source.globals.keys()
    if not read:
        return True
    file = source_file(source.span.path)
    if file is None or not read <= file.bound_once:
        return False
    if source.is_lambda:
        return True
    again = evaluate(Computed(source), {})
    return again is value or (type(again) is type(value) and bool(again == value))
