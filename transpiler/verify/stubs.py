"""What stands in for the author's functions: it notes calls, and what comes of them."""

from __future__ import annotations

import enum
import functools
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from transpiler.frontend.giving_back import gives_back_state
from transpiler.ir.errors import Exhausted
from transpiler.verify.calls import call_words, parameters_of
from transpiler.verify.choices import Option
from transpiler.verify.errors import InjectedError, make_error
from transpiler.verify.leaves import MANY, Error, Leaf
from transpiler.verify.run import Run
from transpiler.verify.samples import hints_of, is_optional, is_series, sample

AsHere = Callable[[type[Any]], type[Any]]
"""What a class of the author's is called in this world."""


class Stub:
    """A leaf's function in one of the two worlds. Its body does not run.

    `looped` are attributes of the state that loops are decided by; `asked` is what its
    body might ask, such as the names around it: the answers are compared.

    What happens is for the run's oracle to say: the call returns as usual, or something
    else, takes long, or fails with one of the errors that matter here.
    """

    def __init__(
        self,
        leaf: Leaf,
        fn: Any,
        current: Callable[[], Run],
        as_here: AsHere,
        looped: frozenset[str] = frozenset(),
        asked: Mapping[str, Callable[[], Any]] = MappingProxyType({}),
    ) -> None:
        functools.update_wrapper(self, fn)
        self._leaf = leaf
        # Those of this world: a closure that was lifted takes what it closed over too.
        parameters = parameters_of(fn, leaf)
        self._parameters = parameters if leaf.edited else parameters.unedited()
        self._looped = looped
        self._asked = sorted(asked.items())
        self._current = current
        self._as_here = as_here
        self._returns = hints_of(_annotated(fn)).get("return", Any)
        self._gives_back = gives_back_state(leaf.fn)
        self._failures = (*slow(leaf), *failures(leaf), *self._unusual())
        self._options: dict[int, tuple[Option, ...]] = {}

    def __get__(self, instance: object, owner: object) -> Any:
        # As a function: a static method's is found through its class.
        return self if instance is None else functools.partial(self, instance)

    def __call__(self, *args: Any, **keywords: Any) -> Any:
        """Be called as the author's function."""
        leaf, run = self._leaf, self._current()
        given = self._parameters.given(run, args, keywords)
        run.add("call", leaf.name, *given)
        for name, ask in self._asked:
            run.add("told", name, run.normal(ask()))
        subject = call_words(leaf.name, given)
        if args and self._looped:
            turn(args[0], self._looped)
        if run.grown:
            run.grow()
        broken = run.broken.get(subject)
        if broken is not None:
            kind, said = broken
            raise self._error(kind, f"{subject}, as ever", said)
        number = run.oracle.times_asked(subject)
        options = self._options.get(number)
        if options is None:
            options = (*self._ways_to_return(number), *self._failures)
            self._options[number] = options
        option = run.oracle.choose(subject, options)
        label = f"{subject} #{number + 1}" if number else subject
        match option.effect:
            case ("raise", kind, forever, said):
                if forever:
                    run.broken[subject] = kind, said
                raise self._error(kind, label, said)
            case ("crowd", size):
                run.oracle.be_quiet()
                return self._result(("sample", size), label)
            case ("slow", seconds):
                run.now += seconds
                return self._result(options[0].effect, label)
            case ("resource", fault):
                same = self._gives_back and args
                made = Resource(self, label, fault, args[0] if same else None)
                # Another part of the workflow may take it as it is.
                return self._labelled(made, label)
            case effect:
                return self._result(effect, label)

    def _error(self, kind: Error, label: str, said: str = "") -> BaseException:
        words = f"{label} {said}".rstrip()
        return self._current().made(make_error(self._as_here(kind), words), label)

    def _ways_to_return(self, number: int) -> Iterator[Option]:
        """Yield what may be returned, as usual first; it may be the turn of another."""
        leaf = self._leaf
        match leaf.role:
            case "predicate" | "check":
                # By turns: so that a loop ends, whichever of them ends it.
                first = number % 2 == 0
                yield Option(f"is {str(first).lower()}", ("value", first))
                yield Option(f"is {str(not first).lower()}", ("value", not first))
            case "resource":
                yield Option("is entered and left", ("resource", ""))
                yield Option("fails to be entered", ("resource", "enter"), faults=1)
                yield Option("fails to be left", ("resource", "exit"), faults=1)
                yield Option("swallows an error", ("resource", "swallow"), faults=1)
            case "step" | "consume":
                yield Option("returns", ("value", None))
            case _:
                ways = [Option("returns", ("sample", leaf.many))]
                if leaf.collected:
                    out = Option("is exhausted", ("raise", Exhausted, False, ""))
                    ways = [*ways, out] if number < 2 else [out, *ways]
                yield from ways
                if self._returns is Any or is_series(self._returns):
                    yield Option("returns one element", ("sample", 1))
                    yield Option("returns no element", ("sample", 0))
                    if leaf.crowd:
                        words = f"returns {leaf.crowd} elements"
                        yield Option(words, ("crowd", leaf.crowd))
                if is_optional(self._returns):
                    yield Option("returns None", ("value", None))
                for case in leaf.cases:
                    yield Option(f"returns {case!r}", ("value", case))
                if leaf.elements:
                    yield Option("returns each case", ("elements", leaf.elements))

    def _unusual(self) -> Iterator[Option]:
        """Yield what only a script makes a difference of that somebody edited."""
        leaf = self._leaf
        # Last, so that the numbers of the others do not depend on the script.
        for kind in leaf.caught:
            known = kind in leaf.errors or (leaf.collected and kind is Exhausted)
            if not known:
                words = f"raises {kind.__name__}"
                yield Option(words, ("raise", kind, False, ""), faults=1)
        gives = leaf.role in ("extract", "transform") and is_series(self._returns)
        if leaf.edited and gives:
            yield Option("returns its elements in no order", ("unordered",))

    def _result(self, effect: Any, label: str) -> Any:
        match effect:
            case ("value", value):
                return self._here(value)
            case ("sample", size):
                made = sample(self._returns, label, size)
                if type(made) is list and made:
                    self._current().grown.append(made)
                return self._labelled(made, label)
            case ("unordered",):
                made = sample(self._returns, label, MANY)
                if isinstance(made, (list, tuple)):
                    made = type(made)((*made[::-1], *made[1:]))
                return self._labelled(made, label)
            case ("elements", elements):
                cases = map(self._here, elements)
                return [*cases, *sample(self._returns, label, 1)]
        raise AssertionError(effect)

    def _here(self, value: Any) -> Any:
        """Return a value of the author's world as one of this world."""
        if isinstance(value, enum.Enum):
            kind: Any = self._as_here(type(value))
            return kind[value.name]
        return value

    def _labelled(self, value: Any, label: str) -> Any:
        if not isinstance(value, (str, int, float, type(None))):
            self._current().label(value, label)
        return value

    def entered(self, label: str) -> Any:
        """Return what a resource gives when it is entered."""
        given = _given_by(self._returns)
        return self._labelled(sample(given, f"what {label} gives"), f"<{label}>")


def as_function(stub: Stub) -> Callable[..., Any]:
    """Return a stub as a function: a module of the author's may want no less."""

    @functools.wraps(stub)
    def stubbed(*args: Any, **keywords: Any) -> Any:
        return stub(*args, **keywords)

    return stubbed


class Resource:
    """A context manager that a leaf returned; some give the `state` they were given."""

    def __init__(self, stub: Stub, label: str, fault: str, state: Any) -> None:
        self._stub, self._label, self._fault = stub, label, fault
        self._state = state

    def __enter__(self) -> Any:
        run = self._stub._current()
        run.add("enter", self._label)
        if self._fault == "enter":
            raise self._stub._error(InjectedError, f"entering {self._label}")
        if self._state is not None:
            return self._state
        return self._stub.entered(self._label)

    def __exit__(self, kind: Error | None, error: BaseException | None, _: Any) -> bool:
        run = self._stub._current()
        run.add("leave", self._label, None if error is None else run.error_words(error))
        if self._fault == "exit":
            raise self._stub._error(InjectedError, f"leaving {self._label}")
        return self._fault == "swallow" and isinstance(error, Exception)


def turn(state: object, names: frozenset[str]) -> None:
    """Change what loops are decided by, to and fro: nothing else would end them."""
    for name in names & getattr(state, "__dict__", {}).keys():
        match getattr(state, name):
            case bool(value):
                setattr(state, name, not value)
            case int(value):
                setattr(state, name, 0 if value else HIGH)
            case list(value) if value:
                value.pop()


HIGH = 1000
"""What a number that a loop is decided by becomes when it was zero."""


def _annotated(fn: Any) -> Any:
    """Return the function that has the annotations: the one below decorators."""
    return getattr(fn, "__wrapped__", fn)


def _given_by(kind: Any) -> Any:
    """Return what a context manager of a type gives: of `Iterator[X]`, X."""
    arguments = getattr(kind, "__args__", ())
    if arguments:
        return arguments[0]
    entering = getattr(kind, "__enter__", None)
    given = hints_of(entering).get("return", Any) if entering else Any
    return kind if type(given).__name__ in ("TypeVar", "_SelfForm") else given


def failures(leaf: Leaf) -> Iterator[Option]:
    """Yield the failures that matter to a leaf, each counted as a fault."""
    general = (Exception, BaseException, Exhausted)
    kinds = [kind for kind in leaf.errors if kind not in general]
    for kind in (*kinds, InjectedError, SystemExit):
        yield Option(f"raises {kind.__name__}", ("raise", kind, False, ""), faults=1)
    yield from _lasting(leaf)


def _lasting(leaf: Leaf) -> Iterator[Option]:
    """Yield failures that go on, and those that say something."""
    for kind in _retried(leaf):
        words = f"raises {kind.__name__} now and ever after"
        yield Option(words, ("raise", kind, True, ""), faults=1)
    for kind, said in leaf.spoken:
        words = f"raises {kind.__name__} that says {said!r}"
        yield Option(words, ("raise", kind, False, said), faults=1)
        if kind in _retried(leaf):
            words += " now and ever after"
            yield Option(words, ("raise", kind, True, said), faults=1)


def _retried(leaf: Leaf) -> tuple[Error, ...]:
    kinds = (InjectedError if k is Exception else k for k in leaf.retried)
    return tuple(dict.fromkeys(kinds))


def slow(leaf: Leaf) -> Iterator[Option]:
    """Yield how long a call may take for a time limit around it to matter."""
    for seconds in dict.fromkeys(leaf.limits):
        for part in (seconds, seconds / 2):
            yield Option(f"takes {part:g} s", ("slow", part), faults=1)
    for seconds in leaf.beside:
        yield Option(f"takes {seconds:g} s", ("slow", seconds), faults=1)
