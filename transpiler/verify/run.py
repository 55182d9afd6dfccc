"""One run in one of the two worlds: what happens in it, and what is seen of it."""

from __future__ import annotations

import dataclasses
import enum
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import FunctionType, GeneratorType
from typing import Any

from transpiler.verify.choices import Oracle
from transpiler.verify.errors import Endless, described
from transpiler.verify.samples import Opaque

START = datetime(2026, 1, 1, 12, tzinfo=UTC).timestamp()
"""What the clock on the wall shows when a run starts, in seconds."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is seen of a run: `what` kind, and `parts` that are compared."""

    what: str
    parts: tuple[Any, ...] = ()


@dataclass(slots=True)
class Block:
    """A parallel block: what each branch did, in the order of the program."""

    at_once: int
    branches: list[list[Seen]] = field(default_factory=list)


Seen = Event | Block


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a run. `error` and `state` are in a form that compares."""

    events: list[Seen]
    error: Any
    state: Any


class Run:
    """Writes down what happens; `now` are the seconds since it began.

    What is in `broken` fails ever after, saying some words; lists in `grown` grow when
    a step is next.
    """

    def __init__(self, oracle: Oracle, most_events: int, begun: float = START) -> None:
        self.oracle = oracle
        self.now = 0.0
        self.begun = begun
        self.events: list[Seen] = []
        self.grown: list[list[Any]] = []
        self.broken: dict[str, tuple[type[BaseException], str]] = {}
        self._left = most_events
        self._labels: dict[int, tuple[object, str]] = {}
        self._errors: dict[int, tuple[BaseException, str]] = {}

    def add(self, what: str, *parts: Any) -> None:
        """Write down that something happened."""
        self._left -= 1
        if self._left < 0:
            raise Endless
        self.events.append(Event(what, parts))

    @contextmanager
    def within(self, events: list[Seen]) -> Iterator[None]:
        """Write down what happens inside as part of something else."""
        before, self.events = self.events, events
        try:
            yield
        finally:
            self.events = before

    def grow(self) -> None:
        """Add to lists that were returned: a step may change what a loop is over."""
        for made in self.grown:
            made.append(made[-1])
        self.grown.clear()

    def monotonic(self) -> float:
        """Stand in for time.monotonic: it goes on only as the run says."""
        return 1000.0 + self.now

    def wall(self) -> float:
        """Stand in for time.time."""
        return self.begun + self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.add("sleep", round(seconds, 9))
        self.now += max(0.0, seconds)

    def uniform(self, low: float, high: float) -> float:
        """Take a number at random: the same one always, and its range is compared."""
        self.add("uniform", round(low, 9), round(high, 9))
        return low + (high - low) / 4

    def label(self, value: object, label: str) -> None:
        """Say what a value is; it is known by its identity from now on."""
        self._labels[id(value)] = value, label

    def made(self, error: BaseException, label: str) -> BaseException:
        """Say where an error comes from; it is known by its identity from now on."""
        self._errors[id(error)] = error, label
        return error

    def _mark(self, error: BaseException) -> str | None:
        known = self._errors.get(id(error))
        return known[1] if known and known[0] is error else None

    def outcome(self, error: BaseException | None, state: object) -> Outcome:
        """Return what came of the run."""
        self._labels.pop(id(state), None)
        return Outcome(
            flattened(self.events), described(error, self._mark), self.normal(state)
        )

    def normal(self, value: Any) -> Any:
        """Return a value in a form that is equal in both worlds."""
        if value is None or type(value) in (str, int):
            return value
        known = self._labels.get(id(value))
        if known is not None and known[0] is value:
            return known[1]
        return plain(value, self.normal)

    def error_words(self, error: BaseException) -> str:
        """Return what an error is called in the trace."""
        return self._mark(error) or f"{type(error).__name__}: {error}"


def flattened(events: list[Seen]) -> list[Seen]:
    """Return events without blocks of a single branch: those need no pool."""
    found: list[Seen] = []
    for event in events:
        match event:
            case Block(branches=[]):
                continue
            case Block(branches=[only]):
                found += flattened(only)
            case Block(at_once, branches):
                found.append(Block(at_once, [flattened(branch) for branch in branches]))
            case _:
                found.append(event)
    return found


_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")


def plain(value: Any, inner: Callable[[Any], Any]) -> Any:
    """Take a value apart; the classes of the two worlds have only their names alike."""
    kind = type(value)
    match value:
        case bool() | float() | complex():
            # 1 == 1.0 == True, and nan != nan: by their words they compare as they are.
            return kind.__name__, repr(value)
        case None | int() | str() | bytes() if kind.__module__ == "builtins":
            return value
        case Opaque():
            return kind.__name__, str(value)
        case enum.Enum():
            return kind.__name__, value.name
        case list() | tuple():
            return kind.__name__, tuple(inner(x) for x in value)
        case set() | frozenset():
            return kind.__name__, tuple(sorted((inner(x) for x in value), key=repr))
        case dict():
            return kind.__name__, tuple((inner(k), inner(x)) for k, x in value.items())
        case FunctionType() | GeneratorType():
            return kind.__name__, value.__name__
        case type():
            return "class", value.__name__
        case BaseException():
            return kind.__name__, str(value)
        case _ if dataclasses.is_dataclass(value):
            parts = dataclasses.fields(value)
            return kind.__name__, tuple(
                (f.name, inner(getattr(value, f.name, None))) for f in parts
            )
        case _ if getattr(kind, "__repr__", None) is object.__repr__:
            # It tells nothing but an address.
            return kind.__name__, inner(getattr(value, "__dict__", {}))
        case _:
            return kind.__name__, _ADDRESS.sub("", repr(value))
