"""The script's command line: options for the fields of its state."""

from __future__ import annotations

import ast
import dataclasses
import datetime
import enum
import inspect
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from transpiler.capture.files import source_file
from transpiler.frontend.literals import literal
from transpiler.lowering.reading import Reading
from transpiler.lowering.scope import comments_above
from transpiler.lowering.unit import Unit
from transpiler.script.model import Block, Main, Option
from transpiler.values import taken_apart, type_hints

COLUMNS = 88
INDENTED = 8
"""How far the arguments of a call stand from the margin."""


def lower_main(
    unit: Unit, state: str, kind: str, state_type: type[Any] | None, title: str
) -> Main | None:
    """Return the main function, or None if no state can be made on a command line."""
    unknown = kind == unit.imports.get(("typing", "Any"))
    if state_type is None or unknown or not _constructible(state_type):
        return None
    is_dataclass = dataclasses.is_dataclass(state_type)
    fields = _init_fields(state_type) if is_dataclass else ()
    taken = {field.name for field in fields}
    needed: list[tuple[str, str | None]] = [
        ("sys", None),
        ("argparse", None),
        ("logging", None),
    ]
    if is_dataclass:
        needed += [("json", None), ("pathlib", "Path")]
    names = {name or module: unit.need(module, name) for module, name in needed}
    reading = Reading(unit)
    converted = reading.fields(state_type) if is_dataclass else ()
    return Main(
        function=unit.fresh("main"),
        workflow=unit.workflow.name,
        title=_alone(keyword("description", _description(title))),
        state=state,
        make_state=_made(state, kind, state_type, is_dataclass),
        reading=(Block(converted),) if converted else (),
        errors=tuple(reading.errors),
        from_file=is_dataclass,
        options=tuple(_options(state_type, fields, unit)),
        plan=_own_option("plan", "print_plan", taken, 'action="store_true"'),
        file=_own_option("state", "state_file", taken, f"type={names.get('Path')}"),
        log=unit.log,
        names=names,
    )


def _description(title: str) -> str:
    """Return a title as argparse wants it: one with a placeholder is a format."""
    return title.replace("%", "%%") if "%(prog)" in title else title


def _alone(argument: str) -> str:
    """Return the only argument of a call, on lines of its own if it has several."""
    return f"\n{' ' * INDENTED}{argument}\n    " if "\n" in argument else argument


def _made(state: str, kind: str, state_type: type[Any], is_dataclass: bool) -> str:
    """Return the statement that makes the state."""
    if is_dataclass:
        return f"{state} = {kind}(**{{**given, **options}})"
    if state_type is dict:
        return f"{state}: {kind} = {{}}"
    if state_type is list:
        return f"{state}: {kind} = []"
    return f"{state} = {kind}()"


def _own_option(wanted: str, other: str, taken: set[str], kind: str) -> Option:
    """Return an option of ours, which gives way to a field of the state."""
    name = other if wanted in taken else wanted
    texts = {
        "plan": "print the plan and stop",
        "state": "read the state from a JSON file",
    }
    flag = f"--{name.replace('_', '-')}"
    return Option(flag, name, (kind, f"help={literal(texts[wanted]).text}"))


def keyword(name: str, text: str, behind: str = "") -> str:
    """Write a keyword argument, in parentheses if it would pass the end of the line."""
    plain = f"{name}={literal(text).text}"
    if INDENTED + len(plain + behind) <= COLUMNS:
        return plain
    room = COLUMNS - INDENTED - len("    ")
    pieces, line = [], ""
    for word in text.split(" "):
        # The space behind the word stays on this line.
        if line and len(literal(f"{line}{word} ").text) > room:
            pieces.append(line)
            line = ""
        line += f"{word} "
    pieces.append(line[:-1])
    # It may be that the last word fits where a space behind it would not.
    if len(pieces) > 1 and len(literal("".join(pieces[-2:])).text) <= room:
        pieces[-2:] = ["".join(pieces[-2:])]
    indent = " " * INDENTED
    written = "".join(f"{indent}    {literal(piece).text}\n" for piece in pieces)
    return f"{name}=(\n{written}{indent})"


def _constructible(state_type: type[Any]) -> bool:
    if dataclasses.is_dataclass(state_type):
        return True
    try:
        inspect.signature(state_type).bind()
    except (TypeError, ValueError):
        return state_type in (dict, list)
    return not inspect.isabstract(state_type)


def _init_fields(state_type: type[Any]) -> tuple[dataclasses.Field[Any], ...]:
    return tuple(field for field in dataclasses.fields(state_type) if field.init)


def _options(
    state_type: type[Any], fields: tuple[dataclasses.Field[Any], ...], unit: Unit
) -> Iterator[Option]:
    hints = type_hints(state_type)
    helps = _helps(state_type)
    for field in fields:
        arguments = _arguments(hints.get(field.name), unit)
        if arguments is None:
            continue
        argparse = unit.need("argparse")
        told = [keyword("help", helps[field.name], ",")] if field.name in helps else []
        flag = f"--{field.name.replace('_', '-')}"
        suppressed = f"default={argparse}.SUPPRESS"
        yield Option(flag, field.name, (*arguments, suppressed, *told))


def _arguments(kind: Any, unit: Unit) -> tuple[str, ...] | None:
    """Return what add_argument takes for a type; None for one that needs a file."""
    kind, origin, inner = taken_apart(kind)
    if kind is str:
        return ()
    if kind is bool:
        return (f"action={unit.need('argparse')}.BooleanOptionalAction",)
    if kind in (int, float):
        return (f"type={kind.__name__}",)
    if kind is Path:
        return (f"type={unit.need('pathlib', 'Path')}",)
    if kind in (datetime.date, datetime.datetime):
        return (f"type={unit.need('datetime', kind.__name__)}.fromisoformat",)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _choices(kind, unit)
    if origin is typing.Literal and all(isinstance(x, str) for x in inner):
        return (f"choices={literal(list(inner)).text}",)
    if origin is list and inner[0] is not bool:
        element = _arguments(inner[0], unit)
        nested = typing.get_origin(inner[0]) is list
        return None if element is None or nested else ('nargs="*"', *element)
    if origin in (typing.Union, types.UnionType):
        known = [x for x in inner if x is not type(None)]
        return _arguments(known[0], unit) if len(known) == 1 else None
    return None


def _choices(kind: type[enum.Enum], unit: Unit) -> tuple[str, ...] | None:
    values = [member.value for member in kind]
    name = unit.bundle.names.get((kind.__module__, kind.__qualname__))
    if name is None or not all(isinstance(value, str) for value in values):
        return None
    return f"type={name}", f"metavar={literal('{' + ','.join(values) + '}').text}"


def _helps(state_type: type[Any]) -> dict[str, str]:
    """Return the comments above a dataclass's fields, as help for its options."""
    module = inspect.getmodule(state_type)
    file = source_file(getattr(module, "__file__", None) or "")
    if file is None:
        return {}
    found = {}
    for node in ast.parse(b"".join(file.lines)).body:
        if isinstance(node, ast.ClassDef) and node.name == state_type.__name__:
            for field in node.body:
                if isinstance(field, ast.AnnAssign) and isinstance(
                    field.target, ast.Name
                ):
                    lines = comments_above(file.path, field.lineno, field.col_offset)
                    text = " ".join(line.lstrip("# ") for _, line in lines)
                    if text:
                        # argparse reads a percent sign as a placeholder.
                        found[field.target.id] = text.rstrip(".").replace("%", "%%")
    return found
