"""What is seen of a run, in a form that does not depend on which world it ran in."""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from support.tempos import Tempo
from transpiler.verify.errors import Endless, described
from transpiler.verify.run import plain

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
            raise Endless
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
        return Outcome(self.events, described(error, _unmarked), final, self.results)


def _unmarked(error: BaseException) -> None:
    """Errors are told apart by what they say."""
