"""Turn what a command line or a JSON file says into values of the author's types."""

from __future__ import annotations

import collections.abc
import dataclasses
import datetime
import decimal
import enum
import inspect
import json
import pathlib
import sys
import types
import typing
import uuid
from collections.abc import Callable, Mapping
from typing import Any

_UNIONS = (typing.Union, types.UnionType)
_LISTS = (list, collections.abc.Sequence, collections.abc.Iterable)
_SETS = (set, frozenset, collections.abc.Set)
_DICTS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
_WORDS = {"true": True, "yes": True, "on": True, "1": True}
_WORDS |= {"false": False, "no": False, "off": False, "0": False}

_FROM_TEXT: dict[type, tuple[Callable[[str], Any], str]] = {
    int: (int, "a whole number"),
    float: (float, "a number"),
    complex: (complex, "a number"),
    decimal.Decimal: (decimal.Decimal, "a number"),
    pathlib.Path: (pathlib.Path, "a path"),
    pathlib.PurePath: (pathlib.PurePath, "a path"),
    uuid.UUID: (uuid.UUID, "a UUID"),
    datetime.datetime: (datetime.datetime.fromisoformat, "a date and time"),
    datetime.date: (datetime.date.fromisoformat, "a date such as 2024-12-31"),
    datetime.time: (datetime.time.fromisoformat, "a time such as 23:59"),
    datetime.timedelta: (
        lambda text: datetime.timedelta(seconds=float(text)),
        "seconds",
    ),
}


class WrongValue(ValueError):
    """A value that does not fit; `where` is the path to it, such as `zones[2].name`."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}" if where else message)


def parse(kind: Any, text: str, where: str) -> Any:
    """Read one word of a command line as a value of a type."""
    kind, origin, arguments = taken_apart(kind)
    if kind is str:
        return text
    if kind is bool:
        if text.lower() not in _WORDS:
            raise _unfit(where, "true or false", text)
        return _WORDS[text.lower()]
    if origin in _UNIONS:
        return _parse_union(arguments, text, where)
    if origin is typing.Literal:
        by_name = {str(value): value for value in arguments}
        return _choice(by_name, text, where)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        values = {str(member.value): member for member in kind}
        return _choice({**values, **kind.__members__}, text, where)
    if kind in _FROM_TEXT:
        return _from_text(kind, text, where)
    if (origin or kind) in (*_LISTS, *_SETS, tuple) and not text.startswith("["):
        items = [item.strip() for item in text.split(",")] if text else []
        element = _elements(origin or kind, arguments, len(items), where)
        parsed = [
            parse(each, item, f"{where}[{number}]")
            for number, (each, item) in enumerate(zip(element, items, strict=True))
        ]
        return _collection(origin or kind)(parsed)
    try:
        return decode(kind, json.loads(text), where)
    except json.JSONDecodeError:
        if kind is Any or kind is object:
            return text
        raise _unfit(where, f"{_name(kind)}, written as JSON", text) from None


def decode(kind: Any, value: Any, where: str) -> Any:
    """Check a value that JSON gave against a type, and convert it if need be."""
    kind, origin, arguments = taken_apart(kind)
    if kind is Any or kind is object:
        return value
    if kind is None or kind is types.NoneType:
        if value is not None:
            raise _unfit(where, "null", value)
        return None
    if origin in _UNIONS:
        return _decode_union(arguments, value, where)
    if origin is typing.Literal:
        if value not in arguments:
            raise _unfit(where, " or ".join(map(repr, arguments)), value)
        return value
    if (origin or kind) in (*_LISTS, *_SETS, tuple):
        if not isinstance(value, list):
            raise _unfit(where, "a list", value)
        element = _elements(origin or kind, arguments, len(value), where)
        decoded = [
            decode(each, item, f"{where}[{number}]")
            for number, (each, item) in enumerate(zip(element, value, strict=True))
        ]
        return _collection(origin or kind)(decoded)
    if (origin or kind) in _DICTS:
        if not isinstance(value, dict):
            raise _unfit(where, "an object", value)
        keys, values = arguments if len(arguments) == 2 else (Any, Any)
        return {
            key if keys is Any else parse(keys, key, where): decode(
                values, item, f"{where}[{key!r}]"
            )
            for key, item in value.items()
        }
    return _decode_class(origin or kind, value, where)


def construct(kind: Any, given: Mapping[str, Any], where: str = "") -> Any:
    """Make an object of a class from what JSON gave for its parameters."""
    parameters = constructor(kind)
    prefix = f"{where}." if where else ""
    values = {}
    for name, value in given.items():
        if name not in parameters:
            raise unknown(f"unknown {prefix}{name}", name, parameters)
        values[name] = decode(parameters[name].annotation, value, prefix + name)
    return make(kind, values, where)


def make(kind: Any, values: Mapping[str, Any], where: str = "") -> Any:
    """Call a class with values for all parameters that it requires."""
    missing = [
        name
        for name, parameter in constructor(kind).items()
        if parameter.default is parameter.empty and name not in values
    ]
    if missing:
        raise WrongValue(where, f"{_name(kind)} needs {', '.join(missing)}")
    try:
        return kind(**values)
    except Exception as error:
        # The author's class checks its values.
        raise WrongValue(where, str(error) or type(error).__name__) from error


def constructor(kind: Any) -> dict[str, inspect.Parameter]:
    """Return the parameters that a class or function takes by name, types resolved."""
    hinted = kind if dataclasses.is_dataclass(kind) else getattr(kind, "__init__", kind)
    if inspect.isfunction(kind):
        hinted = kind
    hints = type_hints(hinted)
    found = {}
    try:
        signature = inspect.signature(kind)
    except (TypeError, ValueError):  # Some built-in types have none.
        return {}
    for name, parameter in signature.parameters.items():
        if parameter.kind in {parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY}:
            found[name] = parameter.replace(annotation=hints.get(name, Any))
    return found


def type_hints(owner: Any) -> dict[str, Any]:
    """Return the types that a class or function annotates, as far as they are known.

    A name that only type checkers import stands for any type, and for no other's.
    """
    try:
        return typing.get_type_hints(owner)
    except Exception:
        pass
    found: dict[str, Any] = {}
    for part in reversed(getattr(owner, "__mro__", (owner,))):
        space = vars(sys.modules.get(getattr(part, "__module__", ""), typing))
        for name, annotation in inspect.get_annotations(part).items():
            alone = types.SimpleNamespace(__annotations__={name: annotation})
            try:
                found |= typing.get_type_hints(alone, space)
            except Exception:
                found[name] = Any
    return found


def unknown(what: str, name: str, known: collections.abc.Iterable[str]) -> WrongValue:
    """Return the error for a name that is none of those known."""
    import difflib

    names = list(known)
    close = difflib.get_close_matches(name, names, n=1)
    if close:
        return WrongValue(what, f"did you mean {close[0]}?")
    there_are = f"there are {', '.join(names)}" if names else "there are none"
    return WrongValue(what, there_are)


def taken_apart(kind: Any) -> tuple[Any, Any, tuple[Any, ...]]:
    """Return a type without what wraps it, its origin, and its arguments."""
    while True:
        if isinstance(kind, dataclasses.InitVar):
            kind = kind.type
        elif typing.get_origin(kind) is typing.Annotated:
            kind = typing.get_args(kind)[0]
        elif hasattr(kind, "__supertype__"):  # NewType
            kind = kind.__supertype__
        elif isinstance(kind, typing.TypeVar) or kind is inspect.Parameter.empty:
            kind = Any
        else:
            return kind, typing.get_origin(kind), typing.get_args(kind)


def _parse_union(arguments: tuple[Any, ...], text: str, where: str) -> Any:
    if types.NoneType in arguments and text == "null":
        return None
    # Any text is a string, so the other types are asked first.
    ordered = sorted(
        (kind for kind in arguments if kind is not types.NoneType),
        key=lambda kind: kind is str,
    )
    errors = []
    for kind in ordered:
        try:
            return parse(kind, text, where)
        except WrongValue as error:
            errors.append(error)
    raise errors[0] if len(errors) == 1 else _unfit(where, _either(ordered), text)


def _decode_union(arguments: tuple[Any, ...], value: Any, where: str) -> Any:
    errors = []
    for kind in arguments:
        try:
            return decode(kind, value, where)
        except WrongValue as error:
            if kind is not types.NoneType:
                errors.append(error)
    raise errors[0] if len(errors) == 1 else _unfit(where, _either(arguments), value)


def _decode_class(kind: Any, value: Any, where: str) -> Any:
    if kind is float and type(value) is int:
        return value  # As Python has it.
    if kind is int and isinstance(value, bool):
        raise _unfit(where, "a whole number", value)
    if isinstance(kind, type):
        if not dataclasses.is_dataclass(kind) and _is_instance(value, kind):
            return value
        if issubclass(kind, enum.Enum):
            choices = {str(member.value): member for member in kind}
            return _choice({**choices, **kind.__members__}, str(value), where)
        if kind in _FROM_TEXT and isinstance(value, str) and kind not in (int, float):
            return _from_text(kind, value, where)
        if kind is datetime.timedelta and isinstance(value, (int, float)):
            return datetime.timedelta(seconds=value)
        if (
            isinstance(value, dict)
            and kind not in _FROM_TEXT
            and kind not in (str, bool)
        ):
            return construct(kind, value, where)
    raise _unfit(where, _name(kind), value)


def _is_instance(value: Any, kind: type) -> bool:
    try:
        return isinstance(value, kind)
    except (
        TypeError
    ):  # A TypedDict, or a protocol that can't be asked: trust the author.
        return True


def _from_text(kind: type, text: str, where: str) -> Any:
    read, expected = _FROM_TEXT[kind]
    try:
        return read(text)
    except (ValueError, ArithmeticError):
        raise _unfit(where, expected, text) from None


def _choice(by_name: Mapping[str, Any], text: str, where: str) -> Any:
    if text not in by_name:
        raise _unfit(where, " or ".join(by_name), text)
    return by_name[text]


def _elements(
    kind: Any, arguments: tuple[Any, ...], count: int, where: str
) -> list[Any]:
    if kind is tuple and arguments and arguments[-1] is not Ellipsis:
        if len(arguments) != count:
            raise WrongValue(where, f"needs {len(arguments)} elements, not {count}")
        return list(arguments)
    return [arguments[0] if arguments else Any] * count


def _collection(kind: Any) -> Callable[[list[Any]], Any]:
    if kind in _LISTS:
        return list
    return set if kind is collections.abc.Set else typing.cast(Any, kind)


def _either(kinds: collections.abc.Iterable[Any]) -> str:
    return " or ".join(_name(kind) for kind in kinds)


def _name(kind: Any) -> str:
    if kind in _FROM_TEXT:
        return _FROM_TEXT[kind][1]
    plain = {str: "a string", bool: "true or false", types.NoneType: "null"}
    if kind in plain:
        return plain[kind]
    return getattr(kind, "__name__", None) or str(kind)


def _unfit(where: str, expected: str, value: Any) -> WrongValue:
    return WrongValue(where, f"should be {expected}, not {value!r}")
