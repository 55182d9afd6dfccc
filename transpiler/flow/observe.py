"""Seeing what happens: names for the parts of a workflow, a log, a trace."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from inspect import CO_OPTIMIZED
from os import PathLike
from types import CodeType
from typing import Any, Protocol, TypeAlias, TypeVar, overload

from transpiler.capture.markers import Built, Leaf
from transpiler.capture.settled import is_fixed
from transpiler.capture.sites import CallSite, call_site
from transpiler.capture.symbols import Symbol, is_ours
from transpiler.diagnostics import refuse, report
from transpiler.flow.accept import (
    LeafFunction,
    accept,
    is_entry_point,
    is_own_transform,
    is_stand_in,
    stand_in,
)
from transpiler.flow.kinds import (
    Consume,
    Extract,
    Provider,
    S,
    Step,
    StepLike,
    T,
    Transform,
)
from transpiler.flow.predicates import Predicate
from transpiler.flow.words import is_text, label, shown
from transpiler.interpret.observing import names
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Computed, Expression, Given, Source

__all__ = ["auto_named", "named", "names", "traced", "with_logging"]

K = TypeVar(
    "K",
    bound=Step[Any]
    | Extract[Any, Any]
    | Transform[Any, Any, Any]
    | Consume[Any, Any]
    | Predicate[Any]
    | Provider[Any],
)
K_co = TypeVar(
    "K_co",
    bound=Step[Any]
    | Extract[Any, Any]
    | Transform[Any, Any, Any]
    | Consume[Any, Any]
    | Predicate[Any]
    | Provider[Any],
    covariant=True,
)


class Bare(Protocol[K_co]):
    """Any decorated function that needs no arguments, without the call."""

    @property
    def fn(self) -> Callable[..., object]:
        """The plain function."""

    def __call__(self) -> K_co:
        """Build the part."""


class OwnTransform(Protocol):
    """flow.flatten, which is given without a call."""

    def __call__(self, state: object, lists: Iterable[Iterable[T]], /) -> list[T]:
        """Make one list of many."""


Flatten: TypeAlias = Transform[Any, Iterable[Iterable[Any]], list[Any]]


@overload
def named(name: str, x: K | Bare[K] | partial[K], /) -> K: ...
@overload
def named(name: str, x: OwnTransform, /) -> Flatten: ...
def named(name: str, x: Any, /) -> Any:
    """Give a name to a part of a workflow.

    An error that leaves it gets the note `in NAME`; nested names nest.

    Parameters:
        name: the name; it may hold a loop item.
        x: a step, provider, extract, transform, consume or predicate.
    """
    site = call_site(named)
    written = site.expression(0, name)
    part: Any = x
    if isinstance(x, str) and isinstance(name, (Built, Leaf)):
        part = name
        hint = "the name comes first: flow.named(name, step)"
        problem = "the name and what it is for have changed places"
        report(refuse("FLOW104", problem, span=site.span, hint=hint))
    elif not isinstance(name, (str, Symbol)):
        given = label(name) if isinstance(name, (Built, Leaf)) else shown(name)
        report(
            refuse(
                "FLOW104",
                f"{given} stands where a name belongs",
                span=site.span_of(0),
                hint='the name comes first, and is a string: flow.named("name", step)',
            )
        )
        written = Given("name")
    return _with_name(written, part, site, 1)


@overload
def auto_named(x: K | Bare[K] | partial[K], /) -> K: ...
@overload
def auto_named(x: OwnTransform, /) -> Flatten: ...
def auto_named(x: Any, /) -> Any:
    """Name a part of a workflow after the constructor that this is called in.

    The name is that of the function around the call, without its arguments: write
    `named(f"upgrade {server}", ...)` where they matter.

    Parameters:
        x: a step, provider, extract, transform, consume or predicate.

    Example:
        def upgrade(server: str) -> flow.Step[Fleet]:
            return flow.auto_named(flow.do(drain(server), install(server)))
    """
    site = call_site(auto_named)
    name = _constructor_around()
    if name is None:
        report(
            refuse(
                "FLOW109",
                "auto_named is called in no function that it could name this after",
                span=site.span,
                hint='give a name: flow.named("name", step); or call it in a function '
                "that returns the step, with a def",
            )
        )
    return _with_name(Given(name or "name"), x, site, 0)


def with_logging(step: StepLike[S], level: int = logging.INFO) -> Step[S]:
    """Log when a step starts and how it ends, under the names around it.

    The names are joined by dots, that of the step itself the last: `fleet.web-1:
    started`, `fleet.web-1: finished in 2.041 s`, or `fleet.web-1: failed after 0.512 s:
    ConnectionError('refused')`. Where nothing has a name, it is the step's function.
    Named parts inside are logged if they are given to `with_logging`, too.

    Parameters:
        step: what to run.
        level: the level of the log records, such as logging.DEBUG.
    """
    site = call_site(with_logging)
    part: Step[Any] = accept(Step, step, site, 0)
    key: int | str = 1 if site.node("level") is None else "level"
    known = not isinstance(level, Symbol) or is_text(level)
    if known and (not isinstance(level, int) or isinstance(level, bool)):
        report(
            refuse(
                "FLOW104",
                f"{shown(level)} is no level of logging",
                span=site.span_of(key),
                hint="give one of logging's: flow.with_logging(step, logging.DEBUG)",
            )
        )
        level = logging.INFO
    written: Expression | None = _level(site.expression(key, level))
    if level_is_info(written):
        written = None
    title = _function_of(part.node) or _constructor_around() or "step"
    return replace(part, node=_with_log(part.node, written, title, site))


def traced(step: StepLike[S], *, to: str | PathLike[str]) -> Step[S]:
    """Write a file about the named parts of a step: `flowc trace` shows it.

    It has a line of JSON for each part, written when the part ends: its `names` (the
    path from the outermost to its own), its `start` (in UTC), its `duration` (in
    seconds) and its `error` (`type` and `message`, or null). Each time that the step
    starts, the file begins anew.

    Parameters:
        step: what to run.
        to: the file, relative to the working directory.
    """
    site = call_site(traced)
    part: Step[Any] = accept(Step, step, site, 0)
    written = site.expression("to", to)
    if not isinstance(to, (str, PathLike, Symbol)):
        report(
            refuse(
                "FLOW104",
                f"{shown(to)} stands where a file belongs",
                span=site.span_of("to"),
                hint='give its path: flow.traced(step, to="trace.jsonl")',
            )
        )
        written = Given("trace.jsonl")
    return replace(part, node=ir.Traced(part.node, written, span=site.span))


def level_is_info(level: Expression | None) -> bool:
    """Return whether a level is the usual one, and is so in every run."""
    known = isinstance(level, Given) and level.value == logging.INFO
    return level is not None and known and is_fixed(level)


def _level(given: Expression) -> Expression:
    """Write a level that came through a local variable by its name."""
    match given:
        case Given(value=int(value), source=source) if not source or source.names:
            for name in ("DEBUG", "WARNING", "ERROR", "CRITICAL"):
                if value == getattr(logging, name):
                    return Computed(Source(f"logging.{name}", {"logging": logging}))
    return given


def _with_log(
    node: ir.Step, level: Expression | None, title: str, site: CallSite
) -> ir.Step:
    """Log a step; one that has a name, inside of that name."""
    match node:
        case ir.Named(name, inner, span=span):
            # Each of the two calls keeps its comments.
            log = ir.Logged(inner, level, title, span=span)
            return ir.Named(name, log, span=site.span)
        case ir.Composite(step=ir.Named() as named_step):
            return replace(node, step=_with_log(named_step, level, title, site))
        case _:
            return ir.Logged(node, level, title, span=site.span)


def _function_of(node: ir.Step) -> str | None:
    """Return the name of the function that a step calls, or that made it."""
    match node:
        case ir.Call(function=function) | ir.Composite(function=function):
            return None if function.name == "<lambda>" else function.name
        case ir.Named(inner=inner):
            return _function_of(inner)
        case _:
            return None


_COMPREHENSIONS = {"<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>"}


def _constructor_around() -> str | None:
    """Return the name of the author's function that runs now; None if there is none."""
    frame = sys._getframe(1)
    while frame.f_back and (
        is_ours(frame.f_globals) or frame.f_code.co_name in _COMPREHENSIONS
    ):
        frame = frame.f_back
    return frame.f_code.co_name if _has_name(frame.f_code) else None


def _has_name(code: CodeType) -> bool:
    """Whether code is a function's with a name: no module, class body or lambda."""
    return bool(code.co_flags & CO_OPTIMIZED) and code.co_name != "<lambda>"


def _with_name(name: Expression, x: Any, site: CallSite, key: int) -> Any:
    """Return a part of any kind with a name."""
    function = x.func if isinstance(x, partial) else x
    if isinstance(function, LeafFunction):
        x = accept(function.kind, x, site, key)
    elif is_own_transform(x):
        x = accept(Transform, x, site, key)
    elif is_entry_point(x):
        x = accept(Step, x, site, key)
    elif not isinstance(x, Built) or not hasattr(x, "node"):
        report(
            refuse(
                "FLOW101",
                f"{label(x)} can't be named: its kind can't be told",
                span=site.span_of(key),
                hint="decorate the function with @flow.step or another kind",
            )
        )
        return stand_in(Step)
    if is_stand_in(x):
        return x  # It has been refused.
    return replace(x, node=ir.Named(name, x.node, span=site.span))
