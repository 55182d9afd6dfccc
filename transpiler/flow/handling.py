"""Handling errors: what to do instead, and what to do whatever happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import FunctionType
from typing import TYPE_CHECKING, Any, Generic, Protocol

from transpiler.capture.markers import Built, Leaf
from transpiler.capture.sites import CallSite, call_site
from transpiler.diagnostics import refuse, report
from transpiler.flow.accept import accept, merged_state
from transpiler.flow.deciding import decision
from transpiler.flow.errors import exceptions_of
from transpiler.flow.kinds import ErrorTypes, MappingOf, S, Step, StepLike
from transpiler.flow.words import label
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given

if TYPE_CHECKING:
    from typing_extensions import TypeIs


@dataclass(frozen=True, slots=True, eq=False)
class Fallback(Generic[S]):
    """What on_error does instead: the result of fallback_to."""

    step: Step[S]

    def _is_fallback_of(self, state: object, /) -> TypeIs[S]:
        raise NotImplementedError


class FallbackOf(Protocol[S]):
    """A Fallback[S], as mypy should see it: see kinds.py."""

    def _is_fallback_of(self, state: object, /) -> TypeIs[S]: ...


def on_error(
    step: StepLike[S],
    handler: (
        FallbackOf[S]
        | MappingOf[ErrorTypes, StepLike[S] | None]
        | Callable[[S, Exception], StepLike[S] | None]
    ),
) -> Step[S]:
    """Handle the errors of a step.

    Parameters:
        step: what to try.
        handler: `fallback_to(step)`, for any error; or a mapping from an error type, or
            a tuple of types, to a step, or to None where there is nothing to do. The
            error's own type decides; the first match wins; others propagate. Or a
            function of the state and the error, which returns the step to run, or
            None, or raises. What stands behind each `return` has to build a step; all
            else in it is up to you.

    Example:
        >>> tried = []
        >>> on_error(
        ...     lambda state: tried.append(1 / state),
        ...     {ZeroDivisionError: lambda state: tried.append("zero")},
        ... ).run(0)
        >>> tried
        ['zero']
    """
    site = call_site(on_error)
    part: Step[Any] = accept(Step, step, site, 0)
    handlers: tuple[ir.Handler | ir.HandlerFunction, ...] = ()
    parts: list[Step[Any]] = [part]
    match handler:
        case Fallback(step=fallback):
            exceptions = ir.Exceptions(Exception, Given(Exception))
            handlers = (ir.Handler(exceptions, fallback.node, span=site.span_of(1)),)
            parts.append(fallback)
        case Mapping():
            handlers, steps = _handlers(handler, site)
            parts += steps
        case FunctionType() | partial():
            decided = decision(handler, site)
            if decided is not None:
                handlers = (decided[0],)
                parts += decided[1]
        case _:
            report(
                refuse(
                    "FLOW101",
                    f"{label(handler)} stands where a handler of errors belongs",
                    span=site.span_of(1),
                    hint=(
                        f"write flow.fallback_to({site.written(1) or 'step'})"
                        if isinstance(handler, (Built, Leaf))
                        else "give flow.fallback_to(step), a mapping from error types "
                        "to steps, or a function of the state and the error"
                    ),
                )
            )
    node = ir.OnError(part.node, handlers, span=site.span)
    return Step(node, merged_state(site, parts))


def _handlers(
    handler: Mapping[Any, Any], site: CallSite
) -> tuple[tuple[ir.Handler, ...], list[Step[Any]]]:
    """Return the handlers of a mapping, with its keys as the author wrote them."""
    found, steps = [], []
    for index, (types, value) in enumerate(handler.items()):
        key, entry = site.entry(1, index)
        exceptions = exceptions_of(types, key)
        step = None if value is None else accept(Step, value, entry, 0)
        if step is not None:
            steps.append(step)
        found.append(
            ir.Handler(exceptions, step.node if step else None, span=key.span_of(0))
        )
    return tuple(found), steps


def fallback_to(step: StepLike[S]) -> Fallback[S]:
    """Run another step instead, whatever the error was: for on_error."""
    site = call_site(fallback_to)
    part: Step[S] = accept(Step, step, site, 0)
    return Fallback(part)


def recover_panics(step: StepLike[S]) -> Step[S]:
    """Make a failure of a process exit.

    A step that calls `sys.exit` inside fails with `flow.RecoveredPanic`.
    """
    site = call_site(recover_panics)
    part: Step[Any] = accept(Step, step, site, 0)
    return Step(ir.RecoverPanics(part.node, span=site.span), part.state)


def ensure(step: StepLike[S], cleanup: StepLike[S]) -> Step[S]:
    """Run a cleanup whatever happened to a step, a process exit included."""
    site = call_site(ensure)
    parts = [accept(Step, step, site, 0), accept(Step, cleanup, site, 1)]
    node = ir.Ensure(parts[0].node, parts[1].node, span=site.span)
    return Step(node, merged_state(site, parts))
