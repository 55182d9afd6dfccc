"""Definitions of every kind: what they need comes along, in a script that runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from projects import FLOW, Projects

DOMAIN = '''
from __future__ import annotations

import abc
import enum
import functools
import math
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import (
    Any,
    ClassVar,
    Final,
    Generic,
    NamedTuple,
    NewType,
    Protocol,
    TypeAlias,
    TypedDict,
    TypeVar,
    overload,
)

T = TypeVar("T")
K = TypeVar("K", bound="Named")
Unused = TypeVar("Unused")

UserId = NewType("UserId", int)
Json: TypeAlias = "dict[str, Json] | list[Json] | str | Money"
Handler = Callable[["Money"], str]


class Named(Protocol):
    """Has a name."""

    name: str


class Color(enum.Enum):
    """Colours."""

    RED = "r"
    BLUE = "b"

    @classmethod
    def default(cls) -> Color:
        return cls[DEFAULT]


DEFAULT = "RED"
BASE: Final = 4
AREA = math.pi * BASE**2
TABLE = {name: index for index, name in enumerate("abc")}
SQUARES = [x * BASE for x in range(3) if x]
WIDTHS = tuple(width for width in (BASE, AREA))


class Money(NamedTuple):
    """An amount."""

    amount: int
    color: Color = Color.RED


class Options(TypedDict, total=False):
    """Options."""

    money: Money


def make_tags() -> list[str]:
    return ["tag"]


class Root(abc.ABC):
    """The root of the hierarchy."""

    registry: ClassVar[dict[str, type[Root]]] = {}

    def __init_subclass__(cls, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        Root.registry[cls.__name__] = cls

    @abc.abstractmethod
    def cost(self) -> Money: ...


@functools.total_ordering
@dataclass
class Server(Root):
    """A server."""

    @dataclass(frozen=True)
    class Disk:
        """A disk."""

        size: int = BASE

    name: str
    disk: Disk = field(default_factory=Disk)
    tags: list[str] = field(default_factory=make_tags)
    color: Color = Color.RED
    parent: "Server | None" = None
    _cache: dict[str, int] = field(default_factory=lambda: dict(TABLE), repr=False)

    def cost(self) -> Money:
        return Money(self.disk.size * 2, Color.default())

    def __lt__(self, other: Server) -> bool:
        return self.name < other.name


class Spare(Server):
    """Nothing mentions it, but the registry holds it."""


class Stack(Generic[T]):
    """A stack."""

    def __init__(self) -> None:
        self.items: list[T] = []


@overload
def parse(text: str) -> int: ...


@overload
def parse(text: bytes) -> float: ...


def parse(text: str | bytes) -> int | float:
    """Parse."""
    return len(text)


def logged(function: Callable[..., T]) -> Callable[..., T]:
    @functools.wraps(function)
    def wrapper(*args: Any) -> T:
        counter()
        return function(*args)

    return wrapper


_count = 0


def counter() -> int:
    global _count
    _count += 1
    return _count


@logged
@functools.lru_cache(maxsize=BASE)
def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@contextmanager
def opened(name: str) -> Iterator[str]:
    yield name.upper()


@asynccontextmanager
async def aopened(name: str) -> AsyncIterator[str]:
    yield await helper(name)


async def helper(name: str) -> str:
    return name + DEFAULT


def numbers() -> Iterator[int]:
    yield from SQUARES


class Error(Exception):
    """Ours."""


class Narrow(Error):
    """More so."""


def classify(value: object) -> str:
    match value:
        case Money(amount=0):
            return "free"
        case Color.RED | Color.BLUE:
            return "colour"
        case Server(name=str(found)) if found:
            return found
        case _:
            raise Narrow(f"{value!r:>{BASE}}")


def by_name(things: list[K]) -> dict[str, K]:
    return {thing.name: thing for thing in things}


def unused() -> Options:
    return {}


if __name__ == "__main__":
    print(unused())
'''

WORKFLOW = FLOW + '''
import domain as d
from domain import Server, Stack, UserId, aopened, classify, fib, numbers, opened, parse


def uses(x: d.Json, handler: d.Handler | None = None) -> d.Json:
    return x


@flow.step
def run(state: list[object]) -> None:
    """Run."""
    one = Server("one")
    stack: Stack[str] = Stack()
    with opened("x") as name:
        stack.items.append(name)
    state += [one.cost().amount, fib(7), parse(b"abc"), classify(one), *numbers()]
    state += [stack.items, UserId(3), d.WIDTHS[0], d._count > 0, uses("x")]
    state += [sorted(d.by_name([one, Server("a")])), sorted(d.Root.registry)]
    try:
        classify(None)
    except d.Error as error:
        state.append(type(error).__name__)


async def arun(state: list[object]) -> None:
    """Run."""
    async with aopened("x") as name:
        state.append(name)
'''


def test_a_domain_of_every_kind(projects: Projects) -> None:
    packed = projects.pack({"domain.py": DOMAIN, "workflow.py": WORKFLOW}, "run arun")
    sources = f"{DOMAIN}\n{WORKFLOW}"
    for definition in packed.bundle.definitions:
        if definition.module == "domain":
            assert definition.text in sources
    gone = {"Unused", "Options", "unused"}
    names = set(packed.names)
    assert not gone & names
    assert {
        "Spare",
        "make_tags",
        "_count",
        "Json",
        "Handler",
        "T",
        "K",
        "SQUARES",
    } <= names
    assert packed.names.count("parse") == 3
    module = packed.run()
    state: list[object] = []
    module["run"](state)
    assert state == [
        *(8, 13, 3, "one", 4, 8, ["X"], 3, 4, True, "x", ["a", "one"]),
        ["Server", "Spare"],
        "Narrow",
    ]


def test_the_script_passes_mypy(projects: Projects, tmp_path: Path) -> None:
    packed = projects.pack(
        {
            "domain.py": DOMAIN,
            "other.py": DOMAIN.replace('"tag"', '"other"'),
            "workflow.py": WORKFLOW.replace(
                "import domain as d", "import domain as d\nimport other"
            ).replace("    one =", "    other.by_name([other.Server('b')])\n    one ="),
        },
        "run arun",
    )
    assert {"Server_2", "Color_2", "K_2", "Money_2"} <= set(packed.names)
    script = tmp_path / "script.py"
    script.write_text(packed.script)
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path)]
    done = subprocess.run([*command, script], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    state: list[object] = []
    packed.run()["run"](state)
    assert state[-2] == ["Server", "Spare"]


def test_odd_spellings_survive(projects: Projects) -> None:
    source = (
        "# -*- coding: utf-8 -*-\n"
        "# Directly above.\n"
        'def first():\n\tif True:\n\t\treturn """\n# no comment\n  é\n"""  # end\n\n'
        "A = 1; B = A + 1  # both\n"
        "C = (\n    A,  # one\n    B,\n)\n"
        "D = [\n    A\n    for A in (B, C)\n]\n\n\n"
        "class E: x = B; y = x\n\n\n"
        "def last(): return first(), D, E.y\n"
    )
    projects.write({"workflow.py": "", "odd.py": ""})
    (projects.root / "odd.py").write_bytes(source.replace("\n", "\r\n").encode())
    packed = projects.pack({"workflow.py": "from odd import last\n"}, "last")
    assert packed.names == ["first", "A", "B", "C", "D", "E", "last"]
    assert packed.text("first") == (
        "# Directly above.\n"
        'def first():\n\tif True:\n\t\treturn """\n# no comment\n  é\n"""  # end'
    )
    assert packed.text("B") == "B = A + 1  # both"
    assert packed.run()["last"]() == ("\n# no comment\n  é\n", [2, (1, 2)], 2)


def test_comments_between_decorators(projects: Projects) -> None:
    packed = projects.pack(
        {
            "workflow.py": FLOW
            + """
import functools


# Above.
@flow.step
# Between.

@functools.cache
# Below.
def run(state: object) -> None:
    ...


@flow.extract

# Alone.

def other(state: object) -> int:
    return 1
"""
        },
        "run other",
    )
    assert packed.text("run") == (
        "# Above.\n# Between.\n@functools.cache\n# Below.\n"
        "def run(state: object) -> None:\n    ..."
    )
    assert (
        packed.text("other")
        == "# Alone.\ndef other(state: object) -> int:\n    return 1"
    )
