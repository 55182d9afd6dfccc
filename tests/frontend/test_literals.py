"""Values of the author's types as expressions, and what has no source form."""

from __future__ import annotations

import enum
import functools
import io
import logging
import math
import os.path
import re
import subprocess
import sys
import threading
import types
import typing
from collections import namedtuple
from collections.abc import Callable, Iterator
from dataclasses import InitVar, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import black
import pytest
from test_literal_text import evaluated

from transpiler import flow
from transpiler.frontend.literal_values import same
from transpiler.frontend.literals import Unwritable, literal

HERE = __name__
T = TypeVar("T")


class Color(enum.Enum):
    RED = 1
    CRIMSON = 1  # noqa: PIE796
    GREEN = "green"


class Word(enum.StrEnum):
    YES = "yes"


class Access(enum.Flag):
    NONE = 0
    READ = 1
    WRITE = 2
    RUN = 4


class Kept(enum.Flag, boundary=enum.KEEP):
    ONE = 1


Odd = enum.Enum("Odd", ["class", "ok", "not an identifier"], module=HERE)


class Outer:
    class Color(enum.Enum):
        BLUE = 3

    @classmethod
    def made(cls) -> Outer:
        return cls()

    @staticmethod
    def check(error: BaseException) -> bool:
        return bool(error)


class Child(Outer):
    pass


class Pair(NamedTuple):
    left: int
    right: list[int] | None = None


Plain = namedtuple("Plain", ["x", "class_"], defaults=["no"])
Renamed = namedtuple("Point", ["x"])  # type: ignore[name-match]


@dataclass
class Server:
    host: str
    port: int = 5432
    tags: list[str] = field(default_factory=list)
    ratio: float = math.nan
    calls: int = field(default=0, init=False)
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.url = f"{self.host}:{self.port}"

    @functools.cached_property
    def upper(self) -> str:
        return self.host.upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    names: frozenset[str] = frozenset()
    inner: Frozen | None = None


@dataclass(eq=False)
class Loop:
    me: Any = None


@dataclass
class Box(Generic[T]):
    value: T


@dataclass
class Picky:
    number: int

    def __post_init__(self) -> None:
        if self.number > 2:
            raise ValueError("too much")


@dataclass
class Doubling:
    number: int

    def __post_init__(self) -> None:
        self.number *= 2


@dataclass
class Leaving:
    number: int

    def __post_init__(self) -> None:
        if self.number:
            raise SystemExit(3)


@dataclass
class WithInitVar:
    seed: InitVar[int]
    value: int = 0


@dataclass
class Made:
    token: str = field(default_factory=lambda: "made")


@dataclass
class DictBased(dict[str, int]):
    name: str = ""


@dataclass
class Impersonator:
    number: int

    def __eq__(self, other: object) -> bool:
        return True


class Name(str):
    pass


class Widget:
    pass


def module_function() -> None:
    """Do nothing."""


@functools.wraps(module_function)
def pretender() -> None:
    """Claim to be module_function."""


@functools.lru_cache
def remembered() -> int:
    return 1


anonymous = lambda: 1  # noqa: E731


def maker() -> Callable[[], None]:
    def inner() -> None:
        pass

    return inner


OWN: list[tuple[object, str]] = [
    (Color.CRIMSON, "Color.RED"),
    ([Word.YES, Outer.Color.BLUE], "[Word.YES, Outer.Color.BLUE]"),
    (Access.READ | Access.RUN, "Access.READ | Access.RUN"),
    (Access.NONE, "Access.NONE"),
    (Kept(9), "Kept(9)"),
    (Odd["class"], 'Odd["class"]'),
    (Odd["ok"], "Odd.ok"),
    (Odd["not an identifier"], 'Odd["not an identifier"]'),
    (Pair(1), "Pair(left=1)"),
    (Pair(1, [2]), "Pair(left=1, right=[2])"),
    (Plain(x=1, class_="no"), "Plain(x=1)"),
    (Renamed(1), "Renamed(x=1)"),
    (Server("db"), 'Server(host="db")'),
    (
        Server("db", 1, ["a"], 0.5),
        'Server(host="db", port=1, tags=["a"], ratio=0.5)',
    ),
    ([Server("a\nb")], r'[Server(host="a\nb")]'),
    (Frozen(), "Frozen()"),
    (
        Frozen(names=frozenset("ab"), inner=Frozen()),
        'Frozen(names=frozenset({"a", "b"}), inner=Frozen())',
    ),
    (Box[int](3), "Box(value=3)"),
    (Made(), 'Made(token="made")'),
    (Color, "Color"),
    (Outer.Color, "Outer.Color"),
    (Renamed, "Renamed"),
    (Outer.check, "Outer.check"),
    (Outer.made, "Outer.made"),
    (Child.made, "Child.made"),
    (module_function, "module_function"),
    (remembered, "remembered"),
]


def another(name: str) -> str:
    return f"an instance of {name} that would not be the same when made again"


def held() -> Iterator[tuple[object, str]]:
    """Yield values that have no source form, with the words that say so."""
    itself: list[object] = []
    itself.append({"a": itself})
    looped = Loop()
    looped.me = looped
    deep: object = 0
    for _ in range(60):
        deep = [deep]
    changed = Server("db")
    changed.calls = 3
    extra = Server("db")
    vars(extra)["note"] = 1
    seedless = WithInitVar(1)
    picky = Picky(1)
    picky.number = 3
    leaving = Leaving(0)
    leaving.number = 3
    bare = Server.__new__(Server)

    class Local:
        pass

    yield itself, 'a structure that contains itself, at [0]["a"]'
    yield looped, "a structure that contains itself, at .me"
    yield deep, f"nested more than 50 levels deep, at {'[0]' * 50}"
    yield ["a" * 600_000] * 2, "longer than 1,000,000 characters"
    yield io.StringIO(), "an open file"
    yield [threading.Lock()], "a lock, at [0]"
    yield {"a": threading.RLock()}, 'a lock, at ["a"]'
    yield {Color.RED: [object()]}, "an instance of object, at [Color.RED][0]"
    yield threading.Event(), "an event of threads"
    yield (x for x in "a"), "a generator"
    yield iter([1]), "an iterator"
    yield zip((), strict=True), "an iterator"
    yield os.path, "a module"
    yield logging.getLogger(), "a logger"
    yield [tuple[*tuple[int, ...]]], "a type expression, at [0]"
    yield typing.Optional[int], "a type expression"  # noqa: UP045
    yield T, "a type variable"
    yield functools.partial(print), "a functools.partial"
    yield ValueError("x"), "an exception"
    yield "a".upper, "a method of an object"
    yield Server("db").__post_init__, "a method of an object"
    yield object(), "an instance of object"
    yield Widget(), "an instance of Widget"
    yield Name("x"), "an instance of Name, a subclass of str"
    yield DictBased(), "an instance of DictBased, a subclass of dict"
    yield os.stat("."), "an instance of stat_result"
    yield memoryview(b""), "an instance of memoryview"
    yield lambda: 1, "a lambda"
    yield anonymous, "a lambda"
    yield maker(), "a function defined inside maker"
    yield Local, "a class defined inside held"
    yield pretender, f"a function that is not module_function of {HERE}"
    yield flow.do(), "a part of a workflow"
    yield changed, f"{another('Server')}, at .calls"
    yield extra, another("Server")
    yield Doubling(2), f"{another('Doubling')}, at .number"
    yield [Impersonator(1), Doubling(2)], f"{another('Doubling')}, at [1].number"
    yield seedless, "an instance of WithInitVar that can't be made again (TypeError: "
    yield picky, "an instance of Picky that can't be made again (ValueError: too much)"
    yield leaving, "an instance of Leaving that can't be made again (SystemExit: 3)"
    yield bare, "an instance of Server that can't be made again (AttributeError: "


@pytest.mark.parametrize(("value", "text"), OWN)
def test_a_value_of_the_authors(value: object, text: str) -> None:
    written = literal(value)
    assert written.text == text
    assert not written.imports
    assert all(module == HERE for module, _ in written.globals.values())
    assert same(evaluated(written), value)


@pytest.mark.parametrize(("value", "reason"), list(held()))
def test_what_has_no_source_form(value: object, reason: str) -> None:
    with pytest.raises(Unwritable, match=re.escape(reason)):
        literal(value)


def test_reason_and_place_are_apart() -> None:
    with pytest.raises(Unwritable) as caught:
        literal({"log": [io.StringIO()]})
    assert (caught.value.reason, caught.value.path) == ("an open file", '["log"][0]')


def test_a_default_is_left_out_only_if_it_is_the_same() -> None:
    # 5432.0 == 5432, and True == 1.
    assert literal(Server("db", 5432.0)).text == 'Server(host="db", port=5432.0)'  # type: ignore[arg-type]
    assert literal(Pair(True)).text == "Pair(left=True)"


def test_a_computed_property_is_no_part_of_a_value() -> None:
    server = Server("db")
    assert server.upper == "DB"
    assert literal(server).text == 'Server(host="db")'


def test_names_that_clash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    others = types.ModuleType("others")
    exec(
        "import enum\nclass Color(enum.Enum):\n    RED = 1\n"
        "class frozenset(enum.Enum):\n    A = 1\ndef timedelta(): pass\n",
        others.__dict__,
    )
    monkeypatch.setitem(sys.modules, "others", others)
    value = [Color.RED, others.Color.RED, Color.GREEN]
    written = literal(value)
    assert written.text == "[Color.RED, Color_2.RED, Color.GREEN]"
    assert written.globals == {"Color": (HERE, "Color"), "Color_2": ("others", "Color")}
    assert evaluated(written) == value

    # A builtin can't be renamed.
    written = literal([others.frozenset.A, frozenset()])
    assert written.text == "[frozenset_2.A, frozenset()]"
    assert written.globals == {"frozenset_2": ("others", "frozenset")}

    written = literal([timedelta(1), others.timedelta])
    assert written.text == "[timedelta(days=1), timedelta_2]"
    assert (*written.imports, *written.globals) == ("timedelta", "timedelta_2")


def test_who_is_first_party_can_be_told() -> None:
    written = literal(Color.GREEN, lambda module: False)
    assert written.imports == {"Color": (HERE, "Color")}
    assert not written.globals
    assert literal(black.Mode).imports == {"Mode": ("black.mode", "Mode")}


PROGRAM = """
import enum
from decimal import Decimal
from transpiler.frontend.literals import literal
class A(enum.Enum):
    X = "x"
    Y = "y"
words = {f"word{n}" for n in range(20)}
print(literal([words, frozenset({A.Y, A.X, None, "a", (1, "b"), Decimal(1) / 4}),
               {frozenset({str(n), n}) for n in range(9)}]).text)
"""


def test_the_text_does_not_depend_on_the_hash_seed() -> None:
    texts = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in (1, 2, 3)
    }
    assert len(texts) == 1
    assert '"word0", "word1", "word10", ' in texts.pop()
