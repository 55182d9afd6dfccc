"""The kinds of value that authors compose, and what serves in their place.

* A kind is a handle around an IR node: immutable, typed, and able to run itself.
* The state `S` of every kind is invariant, so steps of unrelated states in one
  combinator pin `S` to both, which no type checker can solve.
* What a combinator takes is spelled `StepLike`, `ExtractLike`, ...: the kind itself, a
  decorated function that needs no arguments, or a plain function, lambda or partial.
* Each of those unions has one `Callable`; with two, mypy gives a lambda no types.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import (
    Any,
    Generic,
    Literal,
    ParamSpec,
    Protocol,
    Self,
    TypeAlias,
    TypeVar,
)

from transpiler.capture.markers import Built
from transpiler.interpret import Interpreter
from transpiler.ir import nodes as ir
from transpiler.source import Span

# The state of a workflow; an argument list; an item of a loop; what an extract gives.
S = TypeVar("S")
P = ParamSpec("P")
T = TypeVar("T")
U = TypeVar("U")
A = TypeVar("A")
# What flows between the transforms of a series.
T1 = TypeVar("T1")
T2 = TypeVar("T2")
T3 = TypeVar("T3")
T4 = TypeVar("T4")
T5 = TypeVar("T5")
B = TypeVar("B")
U_co = TypeVar("U_co", covariant=True)
A_contra = TypeVar("A_contra", contravariant=True)
B_co = TypeVar("B_co", covariant=True)


@dataclass(frozen=True, slots=True)
class StateUse:
    """A state type that a part of a workflow works on, and where that is seen."""

    type: type[Any]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Step(Built, Generic[S]):
    """Something to do to a state."""

    node: ir.Step
    state: StateUse | None = None

    def run(self, state: S, /) -> None:
        """Interpret the step on a state."""
        Interpreter().started(self.node).step(self.node, state)

    # Returns None. `object` keeps a Step from being a Callable[[S], None]: mypy would
    # take it for a plain function, and let mixed states pass.
    def __call__(self, state: S, /) -> object:
        """Interpret the step on a state."""
        self.run(state)
        return None

    def made_by(self, wrap: Callable[[Any], Any]) -> Self:
        return replace(self, node=wrap(self.node))


@dataclass(frozen=True, slots=True, eq=False)
class Extract(Built, Generic[S, U_co]):
    """Something to read from a state."""

    node: ir.Extract
    state: StateUse | None = None

    def run(self, state: S, /) -> U_co:
        """Interpret the extract on a state."""
        result: U_co = Interpreter().started(self.node).extract(self.node, state)
        return result

    def __call__(self, state: S, /) -> U_co:
        """Interpret the extract on a state."""
        return self.run(state)


@dataclass(frozen=True, slots=True, eq=False)
class Transform(Built, Generic[S, A_contra, B_co]):
    """Something to make of an input."""

    node: ir.Transform
    state: StateUse | None = None

    def run(self, state: S, input: A_contra, /) -> B_co:
        """Interpret the transform on a state and an input."""
        result: B_co = (
            Interpreter().started(self.node).transform(self.node, state, input)
        )
        return result


@dataclass(frozen=True, slots=True, eq=False)
class Consume(Built, Generic[S, A_contra]):
    """Something to do with an input."""

    node: ir.Consume
    state: StateUse | None = None

    def run(self, state: S, input: A_contra, /) -> None:
        """Interpret the consume on a state and an input."""
        Interpreter().started(self.node).consume(self.node, state, input)


@dataclass(frozen=True, slots=True, eq=False)
class Provider(Built, Generic[S]):
    """Steps that are known when their turn comes."""

    node: ir.Provider
    state: StateUse | None = None

    # Never called: without a use of S, a type checker takes it for bivariant.
    def _of(self, state: S, /) -> S:
        return state


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """When to try again, and how long to wait before."""

    node: ir.Policy


class BareStep(Protocol[S]):
    """A decorated step or entry point that needs no arguments, without the call."""

    @property
    def fn(self) -> Callable[..., object]:
        """The plain function."""

    def __call__(self) -> Step[S]:
        """Build the step."""


class BareExtract(Protocol[S, U_co]):
    """A decorated extract that needs no arguments, without the call."""

    @property
    def fn(self) -> Callable[..., object]:
        """The plain function."""

    def __call__(self) -> Extract[S, U_co]:
        """Build the extract."""


class BareTransform(Protocol[S, A_contra, B_co]):
    """A decorated transform that needs no arguments, without the call."""

    @property
    def fn(self) -> Callable[..., object]:
        """The plain function."""

    def __call__(self) -> Transform[S, A_contra, B_co]:
        """Build the transform."""


class BareConsume(Protocol[S, A_contra]):
    """A decorated consume that needs no arguments, without the call."""

    @property
    def fn(self) -> Callable[..., object]:
        """The plain function."""

    def __call__(self) -> Consume[S, A_contra]:
        """Build the consume."""


# One Callable in each: see the top of this file.
StepLike: TypeAlias = Step[S] | BareStep[S] | Callable[[S], None]
ExtractLike: TypeAlias = Extract[S, U] | BareExtract[S, U] | Callable[[S], U]
TransformLike: TypeAlias = (
    Transform[S, A, B] | BareTransform[S, A, B] | Callable[[S, A], B]
)
ConsumeLike: TypeAlias = Consume[S, A] | BareConsume[S, A] | Callable[[S, A], None]
# from_(extract, map_(body)) is an extract of a provider.
ProviderLike: TypeAlias = Provider[S] | Extract[S, Provider[S]] | StepLike[S]

Duration: TypeAlias = float | timedelta
Jitter: TypeAlias = Literal["full"] | float | None
ErrorTypes: TypeAlias = type[Exception] | tuple[type[Exception], ...]
