"""What values are made of: the call that makes one, what tells two apart, and words."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import fractions
import functools
import inspect
import ipaddress
import math
import pathlib
import re
import types
import uuid
import zoneinfo
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

FLOW = __name__.partition(".")[0]

Parts = tuple[Sequence[object], Mapping[str, object]]
"""The arguments of the call that makes a value: the positional ones and the others."""

_MISSING = object()


def parts(value: Any) -> Parts | None:
    """Return the arguments with which a value's class makes it, or None."""
    kind = type(value)
    if kind in _PARTS:
        return _PARTS[kind](value)
    if kind.__module__.partition(".")[0] == FLOW:
        return None
    if dataclasses.is_dataclass(kind) and builtin_base(kind) is object:
        return (), _fields(value)
    if _is_namedtuple(kind):
        defaults = getattr(kind, "_field_defaults", {})
        names = zip(kind._fields, tuple.__iter__(value), strict=True)
        return (), {k: v for k, v in names if not same(defaults.get(k, _MISSING), v)}
    return None


def _is_namedtuple(kind: Any) -> bool:
    return builtin_base(kind) is tuple and isinstance(
        getattr(kind, "_fields", None), tuple
    )


def _fields(value: Any) -> dict[str, object]:
    """Return the fields to give to a dataclass: not those that get it by default."""
    found: dict[str, object] = {}
    for field in dataclasses.fields(value):
        if not field.init:
            continue
        default = field.default
        # What an author's factory returns may differ when the script runs.
        if field.default_factory in (list, dict, set):
            default = field.default_factory()
        current = getattr(value, field.name)
        if default is dataclasses.MISSING or not same(default, current):
            found[field.name] = current
    return found


def builtin_base(kind: type) -> type:
    """Return the first class of the method resolution order that is written in C."""
    for base in kind.__mro__:
        makes = vars(base).get("__new__")
        if not base.__flags__ & _IS_HEAP or isinstance(makes, types.BuiltinMethodType):
            return base
    return object


_IS_HEAP = 1 << 9  # Py_TPFLAGS_HEAPTYPE: made by a class statement


def _trimmed(arguments: Sequence[int], keep: int) -> list[int]:
    """Drop the zeros at the end, but not the first `keep`."""
    kept = list(arguments)
    while len(kept) > keep and not kept[-1]:
        kept.pop()
    return kept


def _clock(value: datetime.datetime | datetime.time) -> list[int]:
    return [value.hour, value.minute, value.second, value.microsecond]


def _zone(value: datetime.datetime | datetime.time) -> dict[str, object]:
    zone: dict[str, object] = {"tzinfo": value.tzinfo} if value.tzinfo else {}
    return zone | ({"fold": 1} if value.fold else {})


def _datetime(value: datetime.datetime) -> Parts:
    clock = _clock(value)
    date = [value.year, value.month, value.day]
    return date + (_trimmed(clock, 2) if any(clock) else []), _zone(value)


def _timezone(value: datetime.timezone) -> Parts:
    return _zone_arguments(value), {}


def _zone_arguments(value: datetime.timezone) -> tuple[object, ...]:
    """Return a zone's offset, and its name if it was given one."""
    made = value.__reduce__()
    return made[1] if isinstance(made, tuple) else ()


_UNITS = {"days": 24 * 60 * 60 * 10**6, "hours": 60 * 60 * 10**6}
_UNITS |= {"minutes": 60 * 10**6, "seconds": 10**6}
_UNITS |= {"milliseconds": 1000, "microseconds": 1}


def _timedelta(value: datetime.timedelta) -> Parts:
    whole = value // datetime.timedelta(microseconds=1)
    sign, rest = (-1, -whole) if whole < 0 else (1, whole)
    if not rest:
        return [0], {}
    for name, size in _UNITS.items():
        # 90 seconds are those, not a minute and a half; 90,000 are hours and minutes.
        if rest % size == 0 and rest // size < 100:
            return [], {name: sign * (rest // size)}
    found: dict[str, object] = {}
    for name, size in _UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            found[name] = sign * count
    return [], found


def _range(value: range) -> Parts:
    if value.step != 1:
        return [value.start, value.stop, value.step], {}
    return [value.start, value.stop][not value.start :], {}


def _slice(value: slice) -> Parts:
    if value.step is not None:
        return [value.start, value.stop, value.step], {}
    return [value.start, value.stop][value.start is None :], {}


def _complex(value: complex) -> Parts:
    return [value.real, value.imag], {}


def _uuid(value: uuid.UUID) -> Parts:
    unsafe = value.is_safe is uuid.SafeUUID.unknown
    return [str(value)], {} if unsafe else {"is_safe": value.is_safe}


def _dict(value: Mapping[Any, Any]) -> Parts:
    return [dict(value)] if value else [], {}


def _defaultdict(value: collections.defaultdict[Any, Any]) -> Parts:
    return [value.default_factory, *_dict(value)[0]], {}


def _deque(value: collections.deque[Any]) -> Parts:
    limit = {} if value.maxlen is None else {"maxlen": value.maxlen}
    return [list(value)] if value or limit else [], limit


def _zoneinfo(value: zoneinfo.ZoneInfo) -> Parts | None:
    return ([value.key], {}) if value.key else None


def _text(value: object) -> Parts:
    return [str(value)], {}


_PARTS: dict[type, Callable[[Any], Parts | None]] = {
    complex: _complex,
    range: _range,
    slice: _slice,
    bytearray: lambda value: ([bytes(value)] if value else [], {}),
    datetime.date: lambda value: ([value.year, value.month, value.day], {}),
    datetime.time: lambda value: (_trimmed(_clock(value), 2), _zone(value)),
    datetime.datetime: _datetime,
    datetime.timedelta: _timedelta,
    datetime.timezone: _timezone,
    zoneinfo.ZoneInfo: _zoneinfo,
    decimal.Decimal: _text,
    fractions.Fraction: lambda value: ([value.numerator, value.denominator], {}),
    uuid.UUID: _uuid,
    collections.OrderedDict: _dict,
    collections.Counter: _dict,
    collections.defaultdict: _defaultdict,
    collections.deque: _deque,
    collections.ChainMap: lambda value: (value.maps, {}),
    types.MappingProxyType: lambda value: ([dict(value)], {}),
    types.SimpleNamespace: lambda value: ([], vars(value)),
}
_SPELLED = (
    pathlib.PurePosixPath,
    pathlib.PureWindowsPath,
    pathlib.PosixPath,
    pathlib.WindowsPath,
    ipaddress.IPv4Address,
    ipaddress.IPv6Address,
    ipaddress.IPv4Network,
    ipaddress.IPv6Network,
    ipaddress.IPv4Interface,
    ipaddress.IPv6Interface,
)
_PARTS |= dict.fromkeys(_SPELLED, _text)


def same(old: Any, new: Any) -> bool:
    """Return whether two values are of one type and content, all the way down."""
    return difference(old, new) is None


def difference(old: Any, new: Any) -> str | None:
    """Return where two values differ (`.port`, or "" for all of it), or None."""
    if old is new:
        return None
    if type(old) is not type(new):
        return ""
    (what, children), (other, others) = _content(old), _content(new)
    if what != other or len(children) != len(others):
        return ""
    for (path, child), (_, twin) in zip(children, others, strict=True):
        inside = difference(child, twin)
        if inside is not None:
            return path + inside
    return None


def _content(value: Any) -> tuple[object, list[tuple[str, object]]]:
    """Return what `==` can compare, and what has to be looked into.

    What is unknown here is the same only as itself: no `==` of the author's is called.
    """
    kind = type(value)
    if kind in _BY_VALUE:
        return value, []
    if kind in (list, tuple, collections.deque):
        return getattr(value, "maxlen", None), _numbered(value)
    if kind in _DICTS:
        keys = [("", key) for key in value]
        factory = [("", getattr(value, "default_factory", None))]
        return None, [*keys, *((f"[{k!r}]", v) for k, v in value.items()), *factory]
    if kind in (set, frozenset):
        return None, [("", element) for element in sorted(value, key=_key)]
    if kind in _CONTENT:
        what, children = _CONTENT[kind](value)
        return what, [("", child) for child in children]
    if dataclasses.is_dataclass(kind) or kind is types.SimpleNamespace:
        return _named(attributes(value))
    if _is_namedtuple(kind):
        names, children = _named(attributes(value))
        return names, [*_numbered(tuple.__iter__(value)), *children]
    return id(value), []


def elements(value: Any) -> list[tuple[str, object]]:
    """Return what a list, tuple, dict or set holds, and where; of others, nothing."""
    kind = type(value)
    if kind in (list, tuple):
        return _numbered(value)
    if kind is dict:
        return [("", key) for key in value] + [
            (f"[{key!r}]", element) for key, element in value.items()
        ]
    return [("", element) for element in value] if kind in (set, frozenset) else []


def _key(value: object) -> str:
    """Return a key by which two sets of the same elements are in the same order."""
    what, children = _content(value)
    inside = ",".join(_key(child) for _, child in children)
    return f"{type(value).__qualname__}:{what!r}({inside})"


def _named(found: dict[str, object]) -> tuple[object, list[tuple[str, object]]]:
    return list(found), [(f".{name}", child) for name, child in found.items()]


def _numbered(values: Iterable[object]) -> list[tuple[str, object]]:
    return [(f"[{index}]", value) for index, value in enumerate(values)]


_DICTS = {
    dict,
    collections.OrderedDict,
    collections.Counter,
    collections.defaultdict,
    types.MappingProxyType,
}

_BY_VALUE = {
    bool,
    int,
    str,
    bytes,
    bytearray,
    datetime.date,
    datetime.timedelta,
    fractions.Fraction,
    re.Pattern,
    types.MethodType,
    types.BuiltinMethodType,
    types.GenericAlias,
    types.UnionType,
    *_SPELLED,
}

_Content = tuple[object, Sequence[object]]
_CONTENT: dict[type, Callable[[Any], _Content]] = {
    float: lambda value: (None if math.isnan(value) else value.hex(), ()),
    complex: lambda value: (None, (value.real, value.imag)),
    range: lambda value: (None, (value.start, value.stop, value.step)),
    slice: lambda value: (None, (value.start, value.stop, value.step)),
    decimal.Decimal: lambda value: (str(value), ()),
    uuid.UUID: lambda value: (value.int, (value.is_safe,)),
    collections.ChainMap: lambda value: (None, value.maps),
    datetime.timezone: lambda value: (None, _zone_arguments(value)),
    zoneinfo.ZoneInfo: lambda value: (value.key, ()),
    datetime.datetime: lambda value: (
        (value.replace(tzinfo=None), value.fold),
        (value.tzinfo,),
    ),
    datetime.time: lambda value: (
        (value.replace(tzinfo=None), value.fold),
        (value.tzinfo,),
    ),
}


def attributes(value: object) -> dict[str, object]:
    """Return what an instance holds, without what it computes when asked."""
    found: dict[str, object] = {}
    if dataclasses.is_dataclass(value):
        # A field that __init__ leaves alone is its default, an attribute of the class.
        for item in dataclasses.fields(value):
            found[item.name] = getattr(value, item.name, _MISSING)
    for base in type(value).__mro__:
        for name, member in vars(base).items():
            if isinstance(member, types.MemberDescriptorType) and hasattr(value, name):
                found[name] = member.__get__(value)
    for name, current in sorted(getattr(value, "__dict__", {}).items()):
        made = inspect.getattr_static(type(value), name, None)
        if not isinstance(made, functools.cached_property) and name != "__orig_class__":
            found[name] = current
    return found


_WORDS = {
    "_io._IOBase": "an open file",
    "tempfile._TemporaryFileWrapper": "an open file",
    "_socket.socket": "a socket",
    "_thread.lock": "a lock",
    "_thread.RLock": "a lock",
    "threading._RLock": "a lock",
    "threading.Condition": "a lock",
    "threading.Semaphore": "a semaphore",
    "threading.Event": "an event of threads",
    "threading.Thread": "a thread",
    "threading.local": "data of a thread",
    "asyncio.locks.Lock": "a lock",
    "asyncio.locks.Semaphore": "a semaphore",
    "concurrent.futures._base.Executor": "a pool of workers",
    "subprocess.Popen": "a running process",
    "logging.Logger": "a logger",
    "builtins.generator": "a generator",
    "builtins.async_generator": "a generator",
    "builtins.coroutine": "a coroutine",
    "builtins.module": "a module",
    "builtins.method": "a method of an object",
    "builtins.BaseException": "an exception",
    "functools.partial": "a functools.partial",
    "types.GenericAlias": "a type expression",
    "types.UnionType": "a type expression",
    "typing._Final": "a type expression",
    "typing.TypeVar": "a type variable",
    "typing.NewType": "a type made by NewType",
}


def describe(value: object) -> str:
    """Say what a value is, in words that follow "is"."""
    kind = type(value)
    if kind.__module__.partition(".")[0] == FLOW:
        return "a loop item" if kind.__name__ == "Symbol" else "a part of a workflow"
    for base in kind.__mro__:
        words = _WORDS.get(f"{base.__module__}.{base.__qualname__}")
        if words:
            return words
    if callable(getattr(kind, "__next__", None)):
        return "an iterator"
    base = builtin_base(kind)
    if base in (object, kind):
        return f"an instance of {kind.__qualname__}"
    return f"an instance of {kind.__qualname__}, a subclass of {base.__name__}"
