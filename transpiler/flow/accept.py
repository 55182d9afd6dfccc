"""What authors may write where a kind is expected, turned into that kind.

A value that does not serve is reported with its place and the cure; an empty stand-in
is returned, so that all mistakes of a workflow are found at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache, partial
from types import FunctionType
from typing import Any, ClassVar, TypeVar, get_args, get_origin, get_type_hints

from transpiler.capture.functions import (
    definition_span,
    describe_function,
    is_async,
)
from transpiler.capture.markers import Built, Leaf
from transpiler.capture.sites import CallSite, call_site, expression_of
from transpiler.diagnostics import Note, refuse, report
from transpiler.flow.arguments import (
    GivenArguments,
    check_arguments,
    placed_names,
    signature,
)
from transpiler.flow.kinds import Consume, StateUse, Step, Transform
from transpiler.flow.words import article, cure, label
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression, Given
from transpiler.source import NOWHERE, Span

K = TypeVar("K", bound=Built)

_OPERANDS = {Transform: ("state", "input"), Consume: ("state", "input")}


def operands(kind: type[Built]) -> tuple[str, ...]:
    """Return what a leaf of a kind is called with before its arguments."""
    return _OPERANDS.get(kind, ("state",))


class LeafFunction(Leaf):
    """A decorated function of the author's. Calling it binds its arguments."""

    kind: ClassVar[type[Any]]
    __name__: str

    def __init__(self, fn: Callable[..., Any]) -> None:
        self._fn = fn
        for name in ("__name__", "__qualname__", "__doc__", "__module__"):
            setattr(self, name, getattr(fn, name, None))
        self.__wrapped__ = fn
        if is_async(fn):
            refuse_async(fn, definition_span(fn) or NOWHERE)

    def bind(self, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """Return the leaf: this function with its arguments bound."""
        site = call_site(self)
        self.check(site, args, keywords)
        names = placed_names(self._fn)[len(operands(self.kind)) :]
        arguments = [
            # What comes after the last of them goes into a *args there.
            ir.Argument(
                _argument(site, index, value), None, (names[: index + 1] or [""])[-1]
            )
            for index, value in enumerate(args)
        ]
        arguments += [
            ir.Argument(_argument(site, name, value), name, name)
            for name, value in keywords.items()
        ]
        return self.leaf(tuple(arguments), site.span)

    def leaf(self, arguments: tuple[ir.Argument, ...], span: Span) -> Any:
        """Return the leaf of this function with these arguments."""
        node = ir.Call(_described(self._fn), arguments, span=span)
        state = state_type_of(self._fn)
        return self.kind(node, StateUse(state, span) if state else None)

    def check(
        self, site: CallSite, args: tuple[Any, ...], keywords: dict[str, Any]
    ) -> None:
        """Report arguments that do not fit the function."""
        before = len(operands(self.kind))
        check_arguments(GivenArguments(self, self._fn, before, site, args, keywords))


def accept(
    kind: type[K], value: Any, site: CallSite, key: int | str, maker: str = ""
) -> K:
    """Return `value` as a `kind`; `key` says which argument of the call it was.

    With a `maker`, the argument is a function that returned the value.
    """
    if isinstance(value, kind):
        return value
    if is_stand_in(value):
        return stand_in(kind)  # What it stands for has been refused.
    span = site.span_of(key)
    if kind is Transform and is_own_transform(value):
        return kind(_TRANSFORMS[value](span=span))  # type: ignore[call-arg]  # as below
    if isinstance(value, partial) and isinstance(value.func, Leaf):
        return accept(kind, value(), site, key)
    if isinstance(value, LeafFunction) and value.kind is kind:
        value.check(site_of_bare(site, span), (), {})
        made: K = value.leaf((), span)
        return made
    if is_entry_point(value) and kind is Step:
        return accept(kind, value(), site, key)
    if not isinstance(value, (Built, Leaf)):
        function = _plain(value, operands(kind), span)
        if function is not None:
            target = value.func if isinstance(value, partial) else value
            state = state_type_of(target)
            use = StateUse(state, span) if state else None
            return kind(function, use)  # type: ignore[call-arg]  # every kind is
    defined = definition_span(value) if isinstance(value, FunctionType) else None
    notes = [Note(defined, "it is defined here")] if defined else []
    if defined == span:
        notes = []
    if defined and is_async(value):
        refuse_async(value, span, notes)
        return stand_in(kind)
    if maker:
        message = f"{maker} returns {label(value)}, where {article(kind)} belongs"
    else:
        message = f"{label(value)} stands where {article(kind)} belongs"
    hint = cure(kind, value, operands(kind), "" if maker else site.written(key))
    report(refuse("FLOW101", message, span=span, hint=hint, notes=notes))
    return stand_in(kind)


def refuse_async(
    fn: Callable[..., Any], span: Span, notes: Iterable[Note] = ()
) -> None:
    """Report a function that only an event loop could run."""
    report(
        refuse(
            "FLOW105",
            f"the function {fn.__name__} is async, but steps run in threads",
            span=span,
            hint="make it a plain def, and call asyncio.run(...) in it",
            notes=notes,
        )
    )


_TRANSFORMS: dict[Any, type[Any]] = {}


def register_transform(fn: Callable[..., Any], node: type[ir.Node]) -> None:
    """Say that a function of ours is a transform as it stands, and what it means."""
    _TRANSFORMS[fn] = node


def is_own_transform(value: object) -> bool:
    """Return whether a value is a function of ours that is a transform as it stands."""
    return isinstance(value, FunctionType) and value in _TRANSFORMS


def site_of_bare(site: CallSite, span: Span) -> CallSite:
    """Return the place of a decorated function that is used without a call."""
    return CallSite(span, site.file, None, site.globals, site.locals)


_STAND_IN = Span("<stand-in>")


def stand_in(kind: type[K]) -> K:
    """Return a harmless part of a kind, for one that could not be made."""
    nothing = ir.Call(describe_function(lambda *_: None))
    node = (
        ir.Do((), span=_STAND_IN) if kind is Step else replace(nothing, span=_STAND_IN)
    )
    return kind(node)  # type: ignore[call-arg]  # every kind is made of a node


def is_stand_in(value: object) -> bool:
    """Return whether a value stands for what has been refused."""
    return isinstance(value, Built) and getattr(value, "node", ir.Node()).span == (
        _STAND_IN
    )


def merged_state(site: CallSite, parts: Iterable[Any]) -> StateUse | None:
    """Return the state that parts of one combinator share; report those that don't.

    Where one state type is a subclass of another, the parts need the subclass.
    """
    known: StateUse | None = None
    for part in parts:
        use: StateUse | None = part.state
        if known is None or use is None:
            known = known or use
        elif issubclass(use.type, known.type):
            known = use
        elif not issubclass(known.type, use.type):
            report(
                refuse(
                    "FLOW103",
                    f"steps of different states are mixed: {known.type.__name__} "
                    f"and {use.type.__name__}",
                    span=use.span,
                    hint="give both the same state type, or run one of them on a "
                    "state of its own with flow.spawn(derive, step)",
                    notes=[
                        Note(known.span, f"this one works on {known.type.__name__}")
                    ],
                )
            )
    return known


def _argument(site: CallSite, key: int | str, value: Any) -> Expression:
    # A step among the arguments has been refused: nothing more is to be said of it.
    return (
        Given(None) if isinstance(value, (Built, Leaf)) else site.expression(key, value)
    )


def is_entry_point(value: object) -> bool:
    """Return whether a value is a function decorated with @flow.workflow."""
    return isinstance(value, Leaf) and not isinstance(value, LeafFunction)


def _plain(value: Any, before: tuple[str, ...], span: Span) -> ir.Call | None:
    """Return the leaf of a plain function, a lambda or a partial, if it is one."""
    fn = value
    arguments: tuple[ir.Argument, ...] = ()
    if isinstance(value, partial) and not value.args:
        fn = value.func
        arguments = tuple(
            ir.Argument(expression_of(x), name, name)
            for name, x in value.keywords.items()
        )
    if not isinstance(fn, FunctionType) or is_async(fn):
        return None
    try:
        signature(fn).bind(*before, **{a.keyword or "": a for a in arguments})
    except TypeError:
        return None
    return ir.Call(describe_function(fn), arguments, span=span)


@cache
def _described(fn: Callable[..., Any]) -> ir.Function:
    return describe_function(fn)


_states: dict[Callable[..., Any], type[Any]] = {}


def state_type_of(fn: Any) -> type[Any] | None:
    """Return the class that a function's first parameter is annotated with, if any."""
    if fn in _states:
        return _states[fn]
    try:
        parameters = list(signature(fn).parameters)
        found = _class_of(get_type_hints(fn).get(parameters[0]))
    except (NameError, TypeError, AttributeError, ValueError, IndexError):
        # A forward reference, or a name for type checkers only.
        return None
    if found is not None:
        _states[fn] = found
    return found


def declared_state(fn: Any) -> type[Any] | None:
    """Return the class S if a function is annotated to return a `flow.Step[S]`."""
    try:
        hint = get_type_hints(fn).get("return")
    except (NameError, TypeError, AttributeError):
        return None
    return _class_of(next(iter(get_args(hint)), None))


def _class_of(hint: Any) -> type[Any] | None:
    """Return an annotation's class; one that no state is made of counts for none."""
    # `dict[str, int]` is a dict.
    hint = get_origin(hint) or hint
    # What is abstract is left to the type checker.
    if (
        not isinstance(hint, type)
        or hint in (object, Any)
        or getattr(hint, "_is_protocol", False)
        or hint.__module__ in ("collections.abc", "types")
    ):
        return None
    return hint
