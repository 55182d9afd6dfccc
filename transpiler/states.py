"""The state that `flowc run` starts with, and the arguments of entry points."""

from __future__ import annotations

import dataclasses
import json
import typing
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from transpiler.diagnostics import refuse
from transpiler.frontend.load import EntryPoint, with_parameters
from transpiler.values import WrongValue, constructor, decode, make, parse, unknown


def read_state(kind: Any, file: Path | None, settings: Mapping[str, str]) -> Any:
    """Make a state of a type from a JSON file and the `field=value`s on top of it.

    Raises WrongValue, which names the field.
    """
    document = _read_json(file) if file else {}
    if kind is None:
        # No step says what it works on: any value will do.
        if settings:
            raise WrongValue(
                "--set", "the steps don't say the type of the state; annotate it"
            )
        return document if file else None
    plain = typing.get_origin(kind) or kind
    if not isinstance(document, dict):
        if settings:
            raise WrongValue("--set", f"{file} is not an object, so it has no fields")
        return decode(kind, document, str(file))
    if isinstance(plain, type) and issubclass(plain, Mapping):
        return decode(kind, document, str(file or "")) | _entries(kind, settings)
    kind = plain
    parameters = constructor(kind)
    values: dict[str, Any] = {}
    for name, value in document.items():
        if name not in parameters:
            raise _no_field(kind, f"{file}: {name}", name, parameters)
        values[name] = decode(parameters[name].annotation, value, f"{file}: {name}")
    for name, text in settings.items():
        if name not in parameters:
            raise _no_field(kind, f"--set {name}", name, parameters)
        values[name] = parse(parameters[name].annotation, text, f"--set {name}")
    return make(kind, values, "the state")


def _entries(kind: Any, settings: Mapping[str, str]) -> dict[str, Any]:
    """Read the settings of a state that is a dictionary, by the types of its values."""
    arguments = typing.get_args(kind)
    rest = arguments[1] if len(arguments) == 2 else Any
    known = typing.get_type_hints(kind) if typing.is_typeddict(kind) else {}
    return {
        name: parse(known.get(name, rest), text, f"--set {name}")
        for name, text in settings.items()
    }


def bind_parameters(entry: EntryPoint, texts: Mapping[str, str]) -> EntryPoint:
    """Give an entry point the arguments of the command line that it takes."""
    parameters, values = _parameters(entry), {}
    for name, text in texts.items():
        if name in parameters:
            try:
                values[name] = parse(parameters[name].annotation, text, name)
            except WrongValue as error:
                raise refuse("FLOW007", f"--param {error}", span=entry.span) from error
    missing = [
        name
        for name, parameter in parameters.items()
        if parameter.default is parameter.empty and name not in values
    ]
    if missing:
        given = " ".join(f"--param {name}=VALUE" for name in missing)
        raise refuse(
            "FLOW007",
            f"{entry.name} needs a value for {', '.join(missing)}",
            span=entry.span,
            hint=f"give it a default, or say {given}",
        )
    return with_parameters(entry, values) if values else entry


def check_parameters(entries: Sequence[EntryPoint], texts: Iterable[str]) -> None:
    """Raise for an argument of the command line that no entry point takes."""
    known = {name for entry in entries for name in _parameters(entry)}
    for name in texts:
        if name not in known:
            names = " or ".join(entry.name for entry in entries)
            wrong = unknown(f"{names} has no parameter {name}", name, sorted(known))
            raise refuse("FLOW007", str(wrong), span=entries[0].span)


def _parameters(entry: EntryPoint) -> dict[str, Any]:
    function = getattr(entry.workflow, "fn", None)
    return dict(constructor(function)) if callable(function) else {}


def _no_field(kind: Any, where: str, name: str, known: Iterable[str]) -> WrongValue:
    if dataclasses.is_dataclass(kind):
        for field in dataclasses.fields(kind):
            if field.name == name and not field.init:
                return WrongValue(where, "set by the workflow itself (init=False)")
    return unknown(f"{where}: {kind.__name__} has no such field", name, known)


def _read_json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise WrongValue(str(file), error.strerror or str(error)) from error
    except ValueError as error:
        raise WrongValue(str(file), f"not JSON: {error}") from error
