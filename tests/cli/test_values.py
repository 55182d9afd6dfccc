"""Values of the author's types, from words and from JSON."""

from __future__ import annotations

import datetime
import enum
from collections.abc import Sequence
from dataclasses import InitVar, dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, NewType, TypedDict

import pytest

from transpiler.states import read_state
from transpiler.values import WrongValue, construct, decode, parse


class Color(enum.Enum):
    RED = "red"
    BLUE = "blue"


UserName = NewType("UserName", str)


@dataclass
class Disk:
    size: int
    mount: Path = Path("/")


@dataclass
class Server:
    name: str
    disks: list[Disk] = field(default_factory=list)
    zones: InitVar[int] = 1
    log: list[str] = field(init=False, default_factory=list)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (str, "3", "3"),
        (int, "-3", -3),
        (float, "3", 3.0),
        (bool, "true", True),
        (bool, "No", False),
        (Path, "/tmp", Path("/tmp")),
        (list[str], "a, b", ["a", "b"]),
        (list[str], "", []),
        (list[int], "[1, 2]", [1, 2]),
        (Sequence[int], "1", [1]),
        (tuple[int, str], "1,a", (1, "a")),
        (tuple[int, ...], "1,2", (1, 2)),
        (frozenset[str], "a,a", frozenset({"a"})),
        (int | None, "3", 3),
        (int | None, "null", None),
        (str | int, "3", 3),
        (str | int, "x", "x"),
        (Literal["a", 2], "2", 2),
        (Color, "red", Color.RED),
        (Color, "BLUE", Color.BLUE),
        (dict[str, int], '{"a": 1}', {"a": 1}),
        (Disk, '{"size": 3}', Disk(3)),
        (datetime.timedelta, "1.5", datetime.timedelta(seconds=1.5)),
        (datetime.date, "2024-12-31", datetime.date(2024, 12, 31)),
        (Annotated[int, "positive"], "3", 3),
        (UserName, "ann", "ann"),
        (Any, "text", "text"),
        (Any, "3", 3),
    ],
)
def test_parse(kind: Any, text: str, value: Any) -> None:
    parsed = parse(kind, text, "field")
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        (int, "x", "field: should be a whole number, not 'x'"),
        (bool, "maybe", "field: should be true or false, not 'maybe'"),
        (list[int], "1,x", "field[1]: should be a whole number, not 'x'"),
        (tuple[int, int], "1", "field: needs 2 elements, not 1"),
        (Literal["a", "b"], "c", "field: should be a or b, not 'c'"),
        (Color, "green", "field: should be red or blue or RED or BLUE, not 'green'"),
        (int | None, "x", "field: should be a whole number, not 'x'"),
        (int | bool, "x", "field: should be a whole number or true or false, not 'x'"),
        (Disk, "x", "field: should be Disk, written as JSON, not 'x'"),
        (Disk, '{"siz": 1}', "unknown field.siz: did you mean size?"),
    ],
)
def test_parse_refuses(kind: Any, text: str, message: str) -> None:
    with pytest.raises(WrongValue) as caught:
        parse(kind, text, "field")
    assert str(caught.value) == message


def test_decode_makes_nested_objects() -> None:
    disk = {"size": 3, "mount": "/var"}
    server = construct(Server, {"name": "db", "disks": [disk], "zones": 2})
    assert server == Server("db", [Disk(3, Path("/var"))])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "Server needs name"),
        ({"name": 3}, "name: should be a string, not 3"),
        ({"name": "x", "disks": {}}, "disks: should be a list, not {}"),
        ({"name": "x", "disks": [{"size": "3"}]}, "disks[0].size: should be a whole"),
        ({"name": "x", "disks": [{"size": True}]}, "disks[0].size: should be a whole"),
        ({"name": "x", "disks": [{}]}, "disks[0]: Disk needs size"),
        ({"name": "x", "log": []}, "unknown log: there are name, disks, zones"),
    ],
)
def test_decode_refuses(given: dict[str, Any], message: str) -> None:
    with pytest.raises(WrongValue) as caught:
        construct(Server, given)
    assert str(caught.value).startswith(message)


def test_decode_keeps_what_json_has() -> None:
    assert decode(dict[int, list[Any]], {"1": [None]}, "") == {1: [None]}
    assert decode(float, 3, "") == 3.0
    assert decode(set[str], ["a"], "") == {"a"}
    assert decode(str | None, None, "") is None


class Options(TypedDict):
    size: int


@pytest.mark.parametrize(
    ("kind", "settings", "state"),
    [
        (dict, {"a": "text", "b": "[1]"}, {"a": "text", "b": [1], "old": 1}),
        (dict[str, int], {"a": "3"}, {"a": 3, "old": 1}),
        (Options, {"size": "3"}, {"size": 3, "old": 1}),
    ],
)
def test_a_state_may_be_a_dictionary(
    tmp_path: Path, kind: Any, settings: dict[str, str], state: dict[str, Any]
) -> None:
    file = tmp_path / "state.json"
    file.write_text('{"old": 1}', encoding="utf-8")
    assert read_state(kind, file, settings) == state


def test_a_state_whose_type_is_unknown(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("[1]", encoding="utf-8")
    assert read_state(None, None, {}) is None
    assert read_state(None, file, {}) == [1]
    assert read_state(list[int], file, {}) == [1]
    with pytest.raises(WrongValue, match="annotate"):
        read_state(None, None, {"a": "1"})
