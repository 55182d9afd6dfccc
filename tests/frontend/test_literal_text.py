"""Values of builtin and standard types, written as Python expressions."""

from __future__ import annotations

import ipaddress
import math
import operator
import os.path
import re
import signal
import types
import uuid
from collections import ChainMap, Counter, OrderedDict, defaultdict, deque
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path, PurePath, PureWindowsPath
from typing import Any
from zoneinfo import ZoneInfo

import black
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transpiler import flow
from transpiler.frontend.literal_values import same
from transpiler.frontend.literals import Literal, Unwritable, literal


def evaluated(written: Literal) -> Any:
    """Evaluate a literal as a script would: with its imports, and nothing else."""
    lines = [
        f"from {module} import {attribute} as {name}" if attribute else f"import {name}"
        for name, (module, attribute) in {**written.imports, **written.globals}.items()
    ]
    names: dict[str, Any] = {}
    exec("\n".join([*lines, f"value = {written.text}"]), names)
    return names["value"]


def as_black_has_it(text: str) -> str:
    source = f"value = {text}\n"
    return black.format_str(source, mode=black.Mode(line_length=10**6))


PLAIN: list[tuple[object, str]] = [
    (None, "None"),
    (True, "True"),
    (1, "1"),
    (-1, "-1"),
    (1.5, "1.5"),
    (-0.0, "-0.0"),
    (1e16, "1e16"),
    (-1e-7, "-1e-07"),
    (1e16j, "1e16j"),
    (math.nan, 'float("nan")'),
    (math.inf, 'float("inf")'),
    (-math.inf, 'float("-inf")'),
    (2j, "2j"),
    (1 + 2j, "complex(1.0, 2.0)"),
    (-2j, "complex(-0.0, -2.0)"),
    (complex(math.nan, 0), 'complex(float("nan"), 0.0)'),
    (..., "..."),
    (NotImplemented, "NotImplemented"),
    ("it's", '"it\'s"'),
    ('a "word"', "'a \"word\"'"),
    ("'\"", '"\'\\""'),
    ("a\\b", r'"a\\b"'),
    ("a\nb\r\t\0\x1b", r'"a\nb\r\t\x00\x1b"'),
    ("naïve 東京 🚀 ẞ", '"naïve 東京 🚀 ẞ"'),
    ("\u202e\u2066\u200b\u2028\xad", r'"\u202e\u2066\u200b\u2028\xad"'),
    ("\ud800", r'"\ud800"'),
    ("\u0301a", r'"\u0301a"'),
    ("a\u0301", '"a\u0301"'),
    ("\u200b\u0301", r'"\u200b\u0301"'),
    ("\u3164\ufe0f\U0001fa75", r'"\u3164\ufe0f\U0001fa75"'),
    ("{{ x }} {% raw %}", '"{{ x }} {% raw %}"'),
    (b"a'\"\xff\n", r'''b"a'\"\xff\n"'''),
    (bytearray(b"x"), 'bytearray(b"x")'),
    (bytearray(), "bytearray()"),
    ([], "[]"),
    ([1, [2]], "[1, [2]]"),
    ((), "()"),
    ((1,), "(1,)"),
    ({"b": 1, "a": (2,)}, '{"b": 1, "a": (2,)}'),
    (set(), "set()"),
    (frozenset(), "frozenset()"),
    ({10, 9, -1}, "{-1, 9, 10}"),
    ({"b", "a"}, '{"a", "b"}'),
    ({(1, "b"), None, "a"}, '{"a", (1, "b"), None}'),
    (frozenset({frozenset({2, 1})}), "frozenset({frozenset({1, 2})})"),
    (range(3), "range(3)"),
    (range(3), "range(3)"),
    (range(1, 3), "range(1, 3)"),
    (range(0, 3, 2), "range(0, 3, 2)"),
    (slice(3), "slice(3)"),
    (slice(1, None), "slice(1, None)"),
    (slice(None, None, -1), "slice(None, None, -1)"),
    (len, "len"),
    (ValueError, "ValueError"),
    (str.upper, "str.upper"),
    (dict.fromkeys, "dict.fromkeys"),
]


NAMED: list[tuple[object, str, set[str]]] = [
    (date(2024, 1, 2), "date(2024, 1, 2)", {"date"}),
    (time(12, 30), "time(12, 30)", {"time"}),
    (time(0, 0, 0, 5), "time(0, 0, 0, 5)", {"time"}),
    (datetime(2024, 1, 2), "datetime(2024, 1, 2)", {"datetime"}),
    (
        datetime(2024, 1, 2, 3, tzinfo=UTC, fold=1),
        "datetime(2024, 1, 2, 3, 0, tzinfo=UTC, fold=1)",
        {"datetime", "UTC"},
    ),
    (
        timezone(timedelta(0), "UTC"),
        'timezone(timedelta(0), "UTC")',
        {"timezone", "timedelta"},
    ),
    (
        datetime(2024, 1, 2, tzinfo=ZoneInfo("Europe/Berlin")),
        'datetime(2024, 1, 2, tzinfo=ZoneInfo("Europe/Berlin"))',
        {"datetime", "ZoneInfo"},
    ),
    (
        timezone(timedelta(hours=1), "CET"),
        'timezone(timedelta(hours=1), "CET")',
        {"timezone", "timedelta"},
    ),
    (
        timezone(timedelta(hours=-1)),
        "timezone(timedelta(hours=-1))",
        {"timezone", "timedelta"},
    ),
    (timedelta(), "timedelta(0)", {"timedelta"}),
    (timedelta(minutes=5), "timedelta(minutes=5)", {"timedelta"}),
    (timedelta(seconds=90), "timedelta(seconds=90)", {"timedelta"}),
    (timedelta(hours=-36), "timedelta(hours=-36)", {"timedelta"}),
    (timedelta(days=365), "timedelta(days=365)", {"timedelta"}),
    (
        timedelta(seconds=3661.5),
        "timedelta(hours=1, minutes=1, seconds=1, milliseconds=500)",
        {"timedelta"},
    ),
    (Decimal("1.50"), 'Decimal("1.50")', {"Decimal"}),
    (Decimal("-sNaN7"), 'Decimal("-sNaN7")', {"Decimal"}),
    (Fraction(-1, 3), "Fraction(-1, 3)", {"Fraction"}),
    (uuid.UUID(int=1), f'UUID("{uuid.UUID(int=1)}")', {"UUID"}),
    (ipaddress.ip_address("::1%eth0"), 'IPv6Address("::1%eth0")', {"IPv6Address"}),
    (ipaddress.ip_network("10.0.0.0/8"), 'IPv4Network("10.0.0.0/8")', {"IPv4Network"}),
    (Path("/srv/x"), 'Path("/srv/x")', {"Path"}),
    (PureWindowsPath("C:/x"), r'PureWindowsPath("C:\\x")', {"PureWindowsPath"}),
    (PurePath, "PurePath", {"PurePath"}),
    (re.compile(r"\d+"), r're.compile(r"\d+")', {"re"}),
    (re.compile(r"\n'\""), r"""re.compile("\\n'\\\"")""", {"re"}),
    (re.compile(rb"\d"), r're.compile(rb"\d")', {"re"}),
    (re.compile("(?i)a"), 're.compile("(?i)a")', {"re"}),
    (re.compile("a # (", re.X), 're.compile("a # (", re.VERBOSE)', {"re"}),
    (re.compile("a", re.A), 're.compile("a", re.ASCII)', {"re"}),
    (re.I | re.M, "re.IGNORECASE | re.MULTILINE", {"re"}),
    (signal.SIGTERM, "signal.SIGTERM", {"signal"}),
    (defaultdict(list, {"a": [1]}), 'defaultdict(list, {"a": [1]})', {"defaultdict"}),
    (defaultdict(None), "defaultdict(None)", {"defaultdict"}),
    (OrderedDict(b=1, a=2), 'OrderedDict({"b": 1, "a": 2})', {"OrderedDict"}),
    (ChainMap({"a": 1}, {}), 'ChainMap({"a": 1}, {})', {"ChainMap"}),
    (dict[str, list[int]], "dict[str, list[int]]", set()),
    (tuple[int, ...], "tuple[int, ...]", set()),
    (tuple[()], "tuple[()]", set()),
    ([int | None, list[str] | None], "[int | None, list[str] | None]", set()),
    (Counter("aab"), 'Counter({"a": 2, "b": 1})', {"Counter"}),
    (deque([1], 3), "deque([1], maxlen=3)", {"deque"}),
    (deque(), "deque()", {"deque"}),
    (types.MappingProxyType({1: 2}), "MappingProxyType({1: 2})", {"MappingProxyType"}),
    (types.SimpleNamespace(a=1), "SimpleNamespace(a=1)", {"SimpleNamespace"}),
    (math.sqrt, "sqrt", {"sqrt"}),
    (os.path.join, "join", {"join"}),
    (operator.add, "add", {"add"}),
    (type(None), "NoneType", {"NoneType"}),
    (datetime.fromisoformat, "datetime.fromisoformat", {"datetime"}),
    (flow.retry, "flow.retry", {"flow"}),
]


@pytest.mark.parametrize(("value", "text"), PLAIN)
def test_a_value_without_names(value: object, text: str) -> None:
    written = literal(value)
    assert written == Literal(text, {}, {})
    assert same(evaluated(written), value)
    assert as_black_has_it(text) == f"value = {text}\n"


@pytest.mark.parametrize(("value", "text", "names"), NAMED)
def test_a_value_with_imports(value: object, text: str, names: set[str]) -> None:
    written = literal(value)
    assert written.text == text
    assert written.imports.keys() == names
    assert not written.globals
    assert same(evaluated(written), value)
    assert as_black_has_it(text) == f"value = {text}\n"


def test_where_names_come_from() -> None:
    value = [timedelta(1), datetime(2024, 1, 1, tzinfo=UTC), re.I, os.path.join]
    assert literal(value).imports == {
        "timedelta": ("datetime", "timedelta"),
        "datetime": ("datetime", "datetime"),
        "UTC": ("datetime", "UTC"),
        "re": ("re", None),
        "join": ("os.path", "join"),
    }
    assert literal(flow.retry).imports == {"flow": ("transpiler", "flow")}


def test_a_gigantic_integer_is_read_again() -> None:
    value = -(10**5000)
    written = literal(value)
    assert written.text.startswith("-0x")
    assert evaluated(written) == value


def test_a_pattern_in_debug_mode_would_print() -> None:
    pattern = re.compile("a")
    assert literal(pattern).text == 're.compile("a")'
    debug = re.compile("", re.DEBUG)
    with pytest.raises(Unwritable, match="re.DEBUG"):
        literal(debug)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, True),
        (1, 1.0),
        (0.0, -0.0),
        (math.nan, 1.0),
        ([1], (1,)),
        ({1}, {True}),
        ({1}, frozenset({1})),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (deque([1]), deque([1], 3)),
        (defaultdict(list), defaultdict(dict)),
        (Decimal("1.0"), Decimal("1.00")),
        (range(0), range(1, 1)),
        (datetime(2024, 1, 1), datetime(2024, 1, 1, fold=1)),
        (
            datetime(2024, 1, 1, tzinfo=UTC),
            datetime(2024, 1, 1, tzinfo=ZoneInfo("UTC")),
        ),
        (timezone(timedelta(hours=1)), timezone(timedelta(hours=1), "CET")),
        (object(), object()),
    ],
)
def test_equal_is_not_the_same(one: object, other: object) -> None:
    assert same(one, one)
    assert not same(one, other)
    assert not same(other, one)
    assert not same([one], [other])


numbers = (
    st.integers() | st.floats() | st.complex_numbers() | st.decimals(allow_nan=False)
)
texts = (
    st.text()
    | st.text(st.sampled_from("ab'\"\\\n{}\u202e\u0301\ud800🚀"))
    | st.binary()
)
hashable = (
    st.none()
    | st.booleans()
    | numbers
    | texts
    | st.dates()
    | st.times()
    | st.timedeltas()
    | st.datetimes(timezones=st.none() | st.just(UTC) | st.timezones())
    | st.uuids()
    | st.fractions()
    | st.ip_addresses()
)
keys = st.recursive(
    hashable,
    lambda inner: st.lists(inner, max_size=3).map(tuple)
    | st.frozensets(inner, max_size=3),
    max_leaves=4,
)
values = st.recursive(
    keys | st.builds(slice, st.integers(), st.none() | st.integers()),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.lists(inner, max_size=3).map(deque)
        | st.dictionaries(keys, inner, max_size=4)
        | st.dictionaries(keys, inner, max_size=3).map(OrderedDict)
        | st.sets(keys, max_size=4)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(values)
def test_any_value_comes_back(value: object) -> None:
    written = literal(value)
    assert same(evaluated(written), value)
    assert written.text.splitlines() == [written.text]
    assert literal(evaluated(written)) == written


@settings(max_examples=200, deadline=None)
@given(texts)
def test_any_text_is_as_black_has_it_and_visible(value: str | bytes) -> None:
    text = literal(value).text
    assert evaluated(Literal(text, {}, {})) == value
    assert text.isprintable()
    assert as_black_has_it(text) == f"value = {text}\n"


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("ad\\'\".\n")).filter(lambda text: _compiles(text)))
def test_any_pattern_comes_back(pattern: str) -> None:
    text = literal(re.compile(pattern)).text
    assert eval(text, {"re": re}) == re.compile(pattern)
    assert as_black_has_it(text) == f"value = {text}\n"


def _compiles(pattern: str) -> bool:
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True
