"""The kinds of value that authors compose, and what serves in their place.

* A kind is a handle around an IR node: immutable, typed, and able to run itself.
* The state `S` of every kind is invariant, so steps of unrelated states in one
  combinator pin `S` to both, which no type checker can solve.
* What a combinator takes is spelled `StepLike`, `ExtractLike`, ...: the kind itself, a
  decorated function that needs no arguments, or a plain function, lambda or partial.
* A kind stands in its union twice: as the class, through which pyright infers lambdas
  and generic calls, and as a protocol (`StepOf`), in which mypy finds mixed states.
* No kind is a callable that a plain function of that kind could be: mypy infers nothing
  from what two members of a union match.
* Each of those unions has one `Callable`; with two, mypy gives a lambda no types.
* No combinator that takes steps is overloaded: inside a lambda, mypy checks arguments
  of an overloaded call many times over.

tests/types holds all this against both checkers.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import (
    TYPE_CHECKING,
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

if (
    TYPE_CHECKING
):  # In typing from Python 3.13 on; the checkers know it wherever they run.
    from typing_extensions import TypeIs

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
A_co = TypeVar("A_co", covariant=True)
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

    def _is_step_of(self, state: object, /) -> TypeIs[S]:
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Extract(Built, Generic[S, U_co]):
    """Something to read from a state."""

    node: ir.Extract
    state: StateUse | None = None

    def run(self, state: S, /) -> U_co:
        """Interpret the extract on a state."""
        result: U_co = Interpreter().started(self.node).extract(self.node, state)
        return result

    def _is_extract_of(self, state: object, /) -> TypeIs[S]:
        raise NotImplementedError

    def _gives(self) -> U_co:
        raise NotImplementedError


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

    def _is_transform_of(self, state: object, input: A_contra, /) -> TypeIs[S]:
        raise NotImplementedError

    def _gives(self) -> B_co:
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Consume(Built, Generic[S, A_contra]):
    """Something to do with an input."""

    node: ir.Consume
    state: StateUse | None = None

    def run(self, state: S, input: A_contra, /) -> None:
        """Interpret the consume on a state and an input."""
        Interpreter().started(self.node).consume(self.node, state, input)

    def _is_consume_of(self, state: object, input: A_contra, /) -> TypeIs[S]:
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Provider(Built, Generic[S]):
    """Steps that are known when their turn comes."""

    node: ir.Provider
    state: StateUse | None = None

    def _is_provider_of(self, state: object, /) -> TypeIs[S]:
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """When to try again, and how long to wait before."""

    node: ir.Policy


# The kinds as mypy should see them. Their methods are never called. TypeIs[S] is
# invariant when types are compared, but gives only a lower bound when S is inferred. So
# from two states in one combinator mypy infers their join, `object`, reports each step
# that is not of `object`, and goes on. From the classes it would infer bounds that
# contradict each other, go on with Any, and lose the error where the combinator stands
# inside another one or a lambda.


class StepOf(Protocol[S]):
    """A Step[S]."""

    def _is_step_of(self, state: object, /) -> TypeIs[S]: ...


class ExtractOf(Protocol[S, U_co]):
    """An Extract[S, U]."""

    def _is_extract_of(self, state: object, /) -> TypeIs[S]: ...
    def _gives(self) -> U_co: ...


class TransformOf(Protocol[S, A_contra, B_co]):
    """A Transform[S, A, B]."""

    def _is_transform_of(self, state: object, input: A_contra, /) -> TypeIs[S]: ...
    def _gives(self) -> B_co: ...


class ConsumeOf(Protocol[S, A_contra]):
    """A Consume[S, A]."""

    def _is_consume_of(self, state: object, input: A_contra, /) -> TypeIs[S]: ...


class ProviderOf(Protocol[S]):
    """A Provider[S]."""

    def _is_provider_of(self, state: object, /) -> TypeIs[S]: ...


class BareStep(Protocol[S]):
    """A decorated step or entry point that needs no arguments, without the call."""

    @property
    def fn(self) -> Callable[..., object]:
        """The plain function."""

    def __call__(self) -> StepOf[S]:
        """Build the step."""


class BareExtract(Protocol[S, U_co]):
    """A decorated extract that needs no arguments, without the call."""

    @property
    def fn(self) -> Callable[..., object]:
        """The plain function."""

    def __call__(self) -> ExtractOf[S, U_co]:
        """Build the extract."""


class BareTransform(Protocol[S, A_contra, B_co]):
    """A decorated transform that needs no arguments, without the call."""

    @property
    def fn(self) -> Callable[..., object]:
        """The plain function."""

    def __call__(self) -> TransformOf[S, A_contra, B_co]:
        """Build the transform."""


class BareConsume(Protocol[S, A_contra]):
    """A decorated consume that needs no arguments, without the call."""

    @property
    def fn(self) -> Callable[..., object]:
        """The plain function."""

    def __call__(self) -> ConsumeOf[S, A_contra]:
        """Build the consume."""


class MappingOf(Protocol[A_co, B_co]):
    """A mapping; unlike Mapping's, its keys are covariant."""

    def items(self) -> AbstractSet[tuple[A_co, B_co]]: ...


# One Callable in each: see the top of this file.
StepLike: TypeAlias = Step[S] | StepOf[S] | BareStep[S] | Callable[[S], None]
ExtractLike: TypeAlias = (
    Extract[S, U] | ExtractOf[S, U] | BareExtract[S, U] | Callable[[S], U]
)
TransformKind: TypeAlias = Transform[S, A, B] | TransformOf[S, A, B]
TransformLike: TypeAlias = (
    TransformKind[S, A, B] | BareTransform[S, A, B] | Callable[[S, A], B]
)
ConsumeKind: TypeAlias = Consume[S, A] | ConsumeOf[S, A]
ConsumeLike: TypeAlias = ConsumeKind[S, A] | BareConsume[S, A] | Callable[[S, A], None]
# from_(extract, map_(body)) is an extract of a provider.
ProviderLike: TypeAlias = (
    Provider[S] | ProviderOf[S] | ExtractOf[Any, ProviderOf[S]] | StepLike[S]
)

Duration: TypeAlias = float | timedelta
Jitter: TypeAlias = Literal["full"] | float | None
ErrorTypes: TypeAlias = type[Exception] | tuple[type[Exception], ...]
