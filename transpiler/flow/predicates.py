"""Predicates: what is true of a state or not, and how they combine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import (
    TYPE_CHECKING,
    Any,
    Concatenate,
    Generic,
    NoReturn,
    Protocol,
    TypeAlias,
)

from transpiler.capture.markers import Built
from transpiler.capture.sites import call_site
from transpiler.capture.symbols import author_span
from transpiler.diagnostics import refuse
from transpiler.flow.accept import LeafFunction, accept, merged_state
from transpiler.flow.kinds import P, S, StateUse
from transpiler.flow.words import label
from transpiler.interpret import Interpreter
from transpiler.ir import nodes as ir

if TYPE_CHECKING:
    from typing_extensions import TypeIs


@dataclass(frozen=True, slots=True, eq=False)
class Predicate(Built, Generic[S]):
    """Something that is true of a state or not; `~`, `&` and `|` combine them."""

    node: ir.Predicate
    state: StateUse | None = None

    def run(self, state: S, /) -> bool:
        """Interpret the predicate on a state."""
        return Interpreter().started(self.node).predicate(self.node, state)

    def _is_predicate_of(self, state: object, /) -> TypeIs[S]:
        raise NotImplementedError

    def __invert__(self) -> Predicate[S]:
        return not_(self)

    def __and__(self, other: PredicateLike[S], /) -> Predicate[S]:
        return and_(self, other)

    def __or__(self, other: PredicateLike[S], /) -> Predicate[S]:
        return or_(self, other)

    def __bool__(self) -> bool:
        return _no_truth(self)


class PredicateOf(Protocol[S]):
    """A Predicate[S], as mypy should see it: see kinds.py."""

    def _is_predicate_of(self, state: object, /) -> TypeIs[S]: ...


class BarePredicate(Protocol[S]):
    """A decorated predicate that needs no arguments, without the call."""

    @property
    def fn(self) -> Callable[..., object]:
        """The plain function."""

    def __call__(self) -> PredicateOf[S]:
        """Build the predicate."""


PredicateLike: TypeAlias = (
    Predicate[S] | PredicateOf[S] | BarePredicate[S] | Callable[[S], bool]
)


class PredicateFunction(LeafFunction, Generic[S, P]):
    """A function decorated with @flow.predicate."""

    kind = Predicate

    @property
    def fn(self) -> Callable[Concatenate[S, P], bool]:
        """The plain function."""
        return self._fn

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Predicate[S]:
        made: Predicate[S] = self.bind(args, kwargs)
        return made

    def __bool__(self) -> bool:
        return _no_truth(self)

    def __invert__(self: BarePredicate[S]) -> Predicate[S]:
        return not_(self)

    def __and__(self: BarePredicate[S], other: PredicateLike[S], /) -> Predicate[S]:
        return and_(self, other)

    def __or__(self: BarePredicate[S], other: PredicateLike[S], /) -> Predicate[S]:
        return or_(self, other)


def _no_truth(predicate: object) -> NoReturn:
    raise refuse(
        "FLOW108",
        f"{label(predicate)} is true or false only when the workflow runs",
        span=author_span("tests"),
        hint="branch with flow.when(predicate, step); write ~, & and | for not, and "
        "and or",
    )


def not_(predicate: PredicateLike[S]) -> Predicate[S]:
    """Hold if a predicate does not. `~predicate` is the same.

    Parameters:
        predicate: what must not hold.

    Example:
        >>> not_(lambda state: state > 3).run(5)
        False
    """
    site = call_site(not_)
    inner: Predicate[Any] = accept(Predicate, predicate, site, 0)
    return Predicate(ir.Not(inner.node, span=site.span), inner.state)


def and_(*predicates: PredicateLike[S]) -> Predicate[S]:
    """Hold if all predicates do, asked from left to right until one does not.

    `and_()` holds. `first & second` is the same as `and_(first, second)`.
    """
    site = call_site(and_)
    parts = [accept(Predicate, p, site, i) for i, p in enumerate(predicates)]
    node = ir.And(tuple(part.node for part in parts), span=site.span)
    return Predicate(node, merged_state(site, parts))


def or_(*predicates: PredicateLike[S]) -> Predicate[S]:
    """Hold if any predicate does, asked from left to right until one does.

    `or_()` does not hold. `first | second` is the same as `or_(first, second)`.
    """
    site = call_site(or_)
    parts = [accept(Predicate, p, site, i) for i, p in enumerate(predicates)]
    node = ir.Or(tuple(part.node for part in parts), span=site.span)
    return Predicate(node, merged_state(site, parts))
