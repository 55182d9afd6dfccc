"""Leaves: the decorators that turn the author's functions into steps of workflows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Concatenate, Generic

from transpiler.capture.functions import definition_span
from transpiler.capture.markers import Leaf
from transpiler.capture.rewrite import build
from transpiler.capture.sites import CallSite
from transpiler.diagnostics import refuse
from transpiler.flow.accept import LeafFunction, accept
from transpiler.flow.kinds import (
    A,
    A_contra,
    B,
    B_co,
    BareStep,
    Consume,
    Extract,
    P,
    S,
    Step,
    Transform,
    U,
    U_co,
)
from transpiler.flow.predicates import PredicateFunction
from transpiler.source import NOWHERE


class StepFunction(LeafFunction, Generic[S, P]):
    """A function decorated with @flow.step."""

    kind = Step

    @property
    def fn(self) -> Callable[Concatenate[S, P], None]:
        """The plain function."""
        return self._fn

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Step[S]:
        made: Step[S] = self.bind(args, kwargs)
        return made


class ExtractFunction(LeafFunction, Generic[S, P, U_co]):
    """A function decorated with @flow.extract."""

    kind = Extract

    @property
    def fn(self) -> Callable[Concatenate[S, P], U_co]:
        """The plain function."""
        return self._fn

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Extract[S, U_co]:
        made: Extract[S, U_co] = self.bind(args, kwargs)
        return made


class TransformFunction(LeafFunction, Generic[S, A_contra, P, B_co]):
    """A function decorated with @flow.transform."""

    kind = Transform

    @property
    def fn(self) -> Callable[Concatenate[S, A_contra, P], B_co]:
        """The plain function."""
        return self._fn

    def __call__(
        self, *args: P.args, **kwargs: P.kwargs
    ) -> Transform[S, A_contra, B_co]:
        made: Transform[S, A_contra, B_co] = self.bind(args, kwargs)
        return made


class ConsumeFunction(LeafFunction, Generic[S, A_contra, P]):
    """A function decorated with @flow.consume."""

    kind = Consume

    @property
    def fn(self) -> Callable[Concatenate[S, A_contra, P], None]:
        """The plain function."""
        return self._fn

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Consume[S, A_contra]:
        made: Consume[S, A_contra] = self.bind(args, kwargs)
        return made


class Workflow(Leaf, Generic[S, P]):
    """An entry point: a function decorated with @flow.workflow."""

    __name__: str

    def __init__(self, fn: Callable[P, Step[S]]) -> None:
        self._fn = fn
        for name in ("__name__", "__qualname__", "__doc__", "__module__"):
            setattr(self, name, getattr(fn, name, None))
        self.__wrapped__ = fn

    @property
    def fn(self) -> Callable[P, Step[S]]:
        """The plain function."""
        return self._fn

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Step[S]:
        """Build the step."""
        built: Any = build(self._fn, *args, **kwargs)
        if isinstance(built, Step):
            return built
        span = definition_span(self._fn) or NOWHERE
        if built is None:
            raise refuse(
                "FLOW107",
                f"the workflow {self.__name__} returns nothing",
                span=span,
                hint="return its step: return flow.do(...)",
            )
        site = CallSite(span, None, None, {}, {})
        return accept(Step, built, site, 0, f"the workflow {self.__name__}")

    def run(self: BareStep[S], state: S, /) -> None:
        """Build the step with the defaults of the parameters, and interpret it."""
        built: Any = self()
        built.run(state)


def step(fn: Callable[Concatenate[S, P], None], /) -> StepFunction[S, P]:
    """Make a step of `(state, *arguments) -> None`.

    Example:
        >>> @step
        ... def greet(names: list[str], name: str) -> None:
        ...     print("hello", name, "and", *names)
        >>> greet("Ada").run(["Bob"])
        hello Ada and Bob
    """
    return StepFunction(fn)


def extract(fn: Callable[Concatenate[S, P], U], /) -> ExtractFunction[S, P, U]:
    """Make an extract of `(state, *arguments) -> U`: it reads from a state."""
    return ExtractFunction(fn)


def transform(
    fn: Callable[Concatenate[S, A, P], B], /
) -> TransformFunction[S, A, P, B]:
    """Make a transform of `(state, input, *arguments) -> B`."""
    return TransformFunction(fn)


def consume(fn: Callable[Concatenate[S, A, P], None], /) -> ConsumeFunction[S, A, P]:
    """Make a consume of `(state, input, *arguments) -> None`: it uses an input up."""
    return ConsumeFunction(fn)


def predicate(fn: Callable[Concatenate[S, P], bool], /) -> PredicateFunction[S, P]:
    """Make a predicate of `(state, *arguments) -> bool`."""
    return PredicateFunction(fn)


def workflow(fn: Callable[P, Step[S]], /) -> Workflow[S, P]:
    """Make an entry point of a function that returns a step.

    It is called at build time; its parameters need defaults, or `--param name=value`.
    """
    return Workflow(fn)
