"""Values written as Python expressions: exact, readable, the same each time."""

from __future__ import annotations

import enum
import functools
import math
from collections import namedtuple
from collections.abc import Callable
from dataclasses import InitVar, dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from transpiler.frontend.literals import Literal

HERE = __name__
T = TypeVar("T")


class Color(enum.Enum):
    RED = 1
    CRIMSON = 1
    GREEN = "green"


class Word(str, enum.Enum):
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
class Counted:
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
def _unwrapped() -> None:
    """Claim to be module_function."""


@functools.lru_cache
def remembered() -> int:
    return 1


anonymous = lambda: 1  # noqa: E731


def maker() -> Callable[[], None]:
    def inner() -> None:
        pass

    return inner


def evaluated(written: Literal) -> Any:
    """Evaluate a literal as a script would: with its imports, and nothing else."""
    lines = [
        f"from {module} import {attribute} as {name}" if attribute else f"import {name}"
        for name, (module, attribute) in {**written.imports, **written.globals}.items()
    ]
    names: dict[str, Any] = {}
    exec("\n".join([*lines, f"value = {written.text}"]), names)
    return names["value"]


PLAIN: list[tuple[object, str]] = [
    (None, "None"),
    (True, "True"),
    (1, "1"),
    (-1, "-1"),
    (1.5, "1.5"),
    (-0.0, "-0.0"),
    (1e16, "1e+16"),
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
        datetime(2024, 1, 2, tzinfo=ZoneInfo("Europe/Berlin")),
        'datetime(2024, 1, 2, tzinfo=ZoneInfo("Europe/Berlin"))',
        {"datetime", "ZoneInfo"},
    ),
    (
        timezone(timedelta(hours=1), "CET"),
        'timezone(timedelta(hours=1), "CET")',
        {"timezone", "timedelta"},
    ),
    (timezone(timedelta(hours=-1)), "timezone(timedelta(hours=-1))", None or set()),
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
    (re.compile(r"\n'\""), r're.compile("\\n\'\\\"")', {"re"}),
    (re.compile(rb"\d"), r're.compile(rb"\d")', {"re"}),
    (re.compile("(?i)a"), 're.compile("(?i)a")', {"re"}),
    (re.compile("[#", re.X) if False else re.compile("a # (", re.X),
     're.compile("a # (", re.VERBOSE)', {"re"}),
    (re.I | re.M, "re.IGNORECASE | re.MULTILINE", {"re"}),
    (signal.SIGTERM, "signal.SIGTERM", {"signal"}),
    (defaultdict(list, {"a": [1]}), 'defaultdict(list, {"a": [1]})', {"defaultdict"}),
    (defaultdict(None), "defaultdict(None)", {"defaultdict"}),
    (OrderedDict(b=1, a=2), 'OrderedDict({"b": 1, "a": 2})', {"OrderedDict"}),
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
    (Server("db", 1, ["a"], 0.5), None),
    (Frozen(), "Frozen()"),
    (
        Frozen(names=frozenset("ab"), inner=Frozen()),
        'Frozen(names=frozenset({"a", "b"}), inner=Frozen())',
    ),
    (Box[int](3), "Box(value=3)"),
    (Counted(), 'Counted(token="made")'),
    (Color, "Color"),
    (Outer.Color, "Outer.Color"),
    (Renamed, "Renamed"),
    (Outer.check, "Outer.check"),
    (Outer.made, "Outer.made"),
    (Child.made, "Child.made"),
    (module_function, "module_function"),
    (remembered, "remembered"),
]


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
    extra.extra = 1  # type: ignore[attr-defined]

    class Local:
        pass

    yield itself, 'a structure that contains itself, at [0]["a"]'
    yield looped, "a structure that contains itself, at .me"
    yield [deep] * 1, "nested more than 50 levels deep" + ", at " + "[0]" * 50
    yield ["a" * 600_000] * 2, "longer than 1,000,000 characters"
    yield io.StringIO(), "an open file"
    yield [threading.Lock()], "a lock, at [0]"
    yield {"a": threading.RLock()}, 'a lock, at ["a"]'
    yield {Color.RED: [object()]}, "an instance of object, at [Color.RED][0]"
    yield threading.Event(), "an event of threads"
    yield (x for x in ()), "a generator"
    yield iter([1]), "an iterator"
    yield zip((), strict=True), "an iterator"
    yield os.path, "a module"
    yield logging.getLogger(), "a logger"
    yield list[int], "a type expression"
    yield int | None, "a type expression"
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
    yield _unwrapped.__wrapped__ and _unwrapped, (
        f"a function that is not module_function of {HERE}"
    )
    yield flow.do(), "a part of a workflow"
    yield changed, "an instance of Server that would not be the same when made again, at .calls"
    yield extra, "an instance of Server that would not be the same when made again"
    yield Doubling(2), "an instance of Doubling that would not be the same when made again, at .number"
    yield Leaving.__new__(Leaving), "an instance of Leaving that can't be made again"
