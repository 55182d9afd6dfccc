"""What a loop's body reads of an object of the author's is written, not the object."""

from __future__ import annotations

from pathlib import Path

import pytest

from transpiler import TranspileError, transpile_file

SCRIPT = '''\
"""A workflow."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from transpiler import flow


class Zone(enum.Enum):
    NORTH = "n"


class Pair(NamedTuple):
    one: int
    two: Any = None


@dataclass
class Box:
    items: list[Any] = field(default_factory=list)


@flow.extract
def names(box: Box) -> list[str]:
    return ["a", "b"]


@flow.step
def put(box: Box, item: Any) -> None:
    box.items.append(item)


class Slotted:
    __slots__ = ("depth",)

    def __init__(self) -> None:
        self.depth = 9


class Plan:
    """Builds steps: none of it can be in a script."""

    def __init__(self) -> None:
        self.size = 3
        self.root = Path("/srv")
        self.zone = Zone.NORTH
        self.pair = Pair(1, Pair(2))
        self.slotted = Slotted()
        self.labels = {"a": [1]}
        self.me = self

    @property
    def computed(self) -> int:
        return self.size

    def method(self, text: str) -> str:
        return text

    def body(self, name: str) -> flow.Step[Box]:
        return put(%s)


@flow.workflow
def pack() -> flow.Step[Box]:
    return flow.in_serial(flow.for_each(names, Plan().body))
'''


def built(tmp_path: Path, argument: str) -> str:
    path = tmp_path / "workflow.py"
    path.write_text(SCRIPT % argument)
    return transpile_file(path)


@pytest.mark.parametrize(
    ("argument", "written"),
    [
        ('f"{self.size}-{name}"', 'f"3-{name}"'),
        ("(name, self.size, self.root)", '(name, 3, Path("/srv"))'),
        ("(name, self.root / name)", '(name, Path("/srv") / name)'),
        ("[name, self.zone]", "[name, Zone.NORTH]"),
        ("[name, self.zone.value]", "[name, Zone.NORTH.value]"),
        ("[name, self.pair.two.one]", "[name, 2]"),
        ("[name, self.slotted.depth]", "[name, 9]"),
        ("[name, self.labels[name]]", '[name, {"a": [1]}[name]]'),
        ("[name, self.me.size + self.size]", "[name, 3 + 3]"),
        ("[name, -self.size, self.size.real]", "[name, -3, (3).real]"),
    ],
)
def test_attributes_are_values(tmp_path: Path, argument: str, written: str) -> None:
    script = built(tmp_path, argument)
    assert f"put(box, {written})" in script
    assert "class Plan" not in script


@pytest.mark.parametrize(
    "argument", ["[name, self]", "[name, self.computed]", "self.method(name)"]
)
def test_what_is_run_needs_the_object(tmp_path: Path, argument: str) -> None:
    with pytest.raises(TranspileError):
        built(tmp_path, argument)
