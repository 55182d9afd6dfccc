"""What is seen of a run, in a form that does not depend on which world it ran in."""

from __future__ import annotations

import dataclasses
import enum
import functools
import inspect
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FunctionType, GeneratorType, TracebackType
from typing import Any
from uuid import UUID

from support.tempos import Tempo

Event = tuple[Any, ...]
"""("call", name, *arguments by their parameters), ("sleep", seconds), ..."""

FLIP = "flip"
"""A fault that raises nothing: what should be true is returned as false."""


MOST_CALLS = 1500
"""A run that makes more calls does not end: both worlds end it there."""


@functools.cache
def _positional(fn: Callable[..., Any]) -> tuple[str, ...]:
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    parameters = inspect.signature(fn).parameters.values()
    return tuple(p.name for p in parameters if p.kind in kinds)


class InjectedError(Exception):
    """An error that no workflow knows."""


class InjectedGroup(ExceptionGroup[Exception]):
    """A group of errors: it is no error of the types that are in it."""

    def __new__(cls, message: str) -> InjectedGroup:
        return super().__new__(cls, message, [InjectedError("in a group")])


class EndlessError(BaseException):
    """A loop does not end: what should have ended it goes wrong for ever."""


@dataclass(frozen=True)
class Fault:
    """What goes wrong with the call of a leaf.

    `at` counts the calls of all leaves in a run, from 0; `error` is an exception type
    of the author's world, or FLIP. With `forever`, the leaf fails from there on.
    """

    at: int
    error: type[BaseException] | str
    forever: bool = False

    def __str__(self) -> str:
        name = self.error if isinstance(self.error, str) else self.error.__name__
        return f"{name} at call {self.at}{' and ever after' if self.forever else ''}"


@dataclass
class Outcome:
    """What came of a run."""

    events: list[Event]
    error: Any
    state: Any
    results: list[Any] = field(default_factory=list, compare=False)

    @property
    def calls(self) -> list[Event]:
        """The calls of leaves among the events."""
        return [event for event in self.events if event[0] == "call"]


class Recorder:
    """Writes down what happens in a run, and lets faults happen."""

    def __init__(
        self,
        faults: Sequence[Fault],
        as_here: Callable[[type[BaseException]], type[BaseException]],
        hollow: bool = False,
        tempo: Tempo | None = None,
    ) -> None:
        self.events: list[Event] = []
        self.results: list[Any] = []
        self.state: object = None
        self._faults = {fault.at: fault for fault in faults}
        self._broken: dict[str, Fault] = {}
        self._as_here = as_here
        self._hollow = hollow
        self._tempo = tempo = tempo or Tempo()
        self.now = 0.0
        self.start = tempo.start
        self._calls = 0
        self._seen: dict[UUID, str] = {}
        self._lock = threading.Lock()

    def wrapped(
        self, name: str, fn: Callable[..., Any], extra: Mapping[str, Any] | None = None
    ) -> Callable[..., Any]:
        """Return a function that writes down its calls; `extra` are keywords more."""
        more = extra or {}

        @functools.wraps(fn)
        def recorded(*args: Any, **keywords: Any) -> Any:
            with self._lock:
                half = self._tempo.duration(self._calls) / 2
                fault = self._begin(name, fn, args, keywords, more)
            self.now += half
            try:
                if fault is None or fault.error == FLIP:
                    result = None if self._hollow else fn(*args, **keywords)
                    self.results.append(result)
                    flipped = fault is not None and isinstance(result, bool)
                    return (not result) if flipped else result
                assert not isinstance(fault.error, str)
                raise self._as_here(fault.error)(f"injected into {name}")
            finally:
                self.now += half

        return recorded

    def add(self, *event: Any) -> None:
        """Write down something else than a call."""
        with self._lock:
            self.events.append(event)

    def _begin(
        self,
        name: str,
        fn: Callable[..., Any],
        args: tuple[Any, ...],
        keywords: Mapping[str, Any],
        more: Mapping[str, Any],
    ) -> Fault | None:
        names = _positional(fn)
        # What is surplus belongs to a `*args`.
        bound = dict(zip(names, args, strict=False))
        bound |= {"*": args[len(names) :]} if len(args) > len(names) else {}
        bound |= dict(sorted(keywords.items()))
        given = ((k, self.normal(x)) for k, x in {**bound, **more}.items())
        self.events.append(("call", name, *sorted(given)))
        index, self._calls = self._calls, self._calls + 1
        if self._calls > MOST_CALLS:
            raise EndlessError
        fault = self._faults.get(index)
        if fault is not None and fault.forever:
            self._broken.setdefault(name, fault)
        return fault or self._broken.get(name)

    def normal(self, value: Any) -> Any:
        """Return a value in a form that is equal in both worlds."""
        match value:
            case _ if value is self.state and not isinstance(value, (str, int)):
                return "<state>"
            case UUID():
                # A new one in each run; which places show the same one matters.
                return self._seen.setdefault(value, f"uuid {len(self._seen)}")
            case _:
                return plain(value, self.normal)

    def outcome(self, error: BaseException | None) -> Outcome:
        """Return what came of the run."""
        state, self.state = self.state, None
        final = self.normal(state)
        return Outcome(self.events, described(error), final, self.results)


def plain(value: Any, inner: Callable[[Any], Any]) -> Any:
    """Take a value apart; the classes of the two worlds have only their names alike."""
    match value:
        case bool() | float():
            # To ==, 1 is True and 1.0, 0.0 is -0.0, and nan is nothing.
            return type(value).__name__, repr(value)
        case None | int() | str() | bytes() if type(value).__module__ == "builtins":
            return value
        case enum.Enum():
            return type(value).__name__, value.name
        case list() | tuple() | set() | frozenset():
            parts = [inner(x) for x in value]
            if isinstance(value, (set, frozenset)):
                parts.sort(key=repr)
            return type(value).__name__, parts
        case dict():
            return "dict", [(inner(k), inner(x)) for k, x in value.items()]
        case FunctionType():
            return "function", value.__name__
        case GeneratorType():
            return ("generator",)
        case type():
            return "class", value.__name__
        case _ if dataclasses.is_dataclass(value):
            fields = dataclasses.fields(value)
            return type(value).__name__, [
                (f.name, inner(getattr(value, f.name, None))) for f in fields
            ]
        case _ if re.search(r" at 0x[0-9a-fA-F]+>$", repr(value)):
            # The default, or a lock's: it tells an address.
            return type(value).__name__, inner(getattr(value, "__dict__", {}))
        case _:
            return type(value).__name__, repr(value)


def described(error: BaseException | None) -> Any:
    """Describe an error with its notes, members, cause and context."""
    if error is None:
        return None
    described_error: dict[str, Any] = {
        "type": type(error).__name__,
        "message": str(error),
        "notes": list(getattr(error, "__notes__", [])),
    }
    if isinstance(error, SystemExit):
        described_error["code"] = error.code
    if isinstance(error, BaseExceptionGroup):
        described_error["message"] = error.message
        described_error["members"] = [described(e) for e in error.exceptions]
    described_error["cause"] = described(error.__cause__)
    if not error.__suppress_context__:
        described_error["context"] = described(error.__context__)
    return described_error


def raised_in(error: BaseException) -> str:
    """Return where an error that nobody injected comes from, for a failure's text."""
    trace: TracebackType | None = error.__traceback__
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return "\n".join(places)
