"""What authors may write where a kind is expected, turned into that kind.

A value that does not serve is reported with its place and the cure; an empty stand-in
is returned, so that all mistakes of a workflow are found at once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from functools import cache, partial
from types import FunctionType
from typing import Any, ClassVar, TypeVar, get_type_hints

from transpiler.capture.functions import describe_function, is_async
from transpiler.capture.markers import Built, Leaf
from transpiler.capture.sites import CallSite, call_site, expression_of
from transpiler.diagnostics import Note, refuse, report
from transpiler.flow.kinds import Consume, StateUse, Step, Transform
from transpiler.ir import nodes as ir
from transpiler.source import Span

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
        span = describe_function(fn).span
        if is_async(fn):
            report(
                refuse(
                    "FLOW105",
                    f"{label(fn)} is async, but steps run in threads",
                    span=span,
                    hint="make it a plain def; call asyncio.run(...) inside it",
                )
            )

    def bind(self, args: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
        """Return the leaf: this function with its arguments bound."""
        site = call_site(self)
        self.check(site, args, keywords)
        names = list(_signature(self._fn).parameters)[len(operands(self.kind)) :]
        arguments = [
            # What comes after the last parameter goes into a *args there.
            ir.Argument(
                site.expression(index, value), None, (names[: index + 1] or [""])[-1]
            )
            for index, value in enumerate(args)
        ]
        arguments += [
            ir.Argument(site.expression(name, value), name, name)
            for name, value in keywords.items()
        ]
        return self.leaf(tuple(arguments), site.span)

    def leaf(self, arguments: tuple[ir.Argument, ...], span: Span) -> Any:
        """Return the leaf of this function with these arguments."""
        node = ir.Call(_described(self._fn), arguments, span=span)
        state = _state_type(self._fn)
        return self.kind(node, StateUse(state, span) if state else None)

    def check(
        self, site: CallSite, args: tuple[Any, ...], keywords: dict[str, Any]
    ) -> None:
        """Report a missing, surplus or unknown argument, and a step among them."""
        before = operands(self.kind)
        given: list[tuple[int | str, Any]] = [*enumerate(args), *keywords.items()]
        for key, value in given:
            if isinstance(value, (Built, Leaf)):
                report(
                    refuse(
                        "FLOW102",
                        f"{label(value)} is passed to {label(self)} as an argument",
                        span=site.span_of(key),
                        hint="arguments are values; give steps to a combinator such "
                        "as flow.do(...)",
                    )
                )
        try:
            _signature(self._fn).bind(*before, *args, **keywords)
        except TypeError as error:
            report(
                refuse(
                    "FLOW102",
                    f"{label(self)}: {_mistake(self._fn, before, args, error)}",
                    span=site.span,
                    hint=f"it is defined as {written_signature(self._fn)}; "
                    f"{' and '.join(before)} come when it runs",
                )
            )


def accept(kind: type[K], value: Any, site: CallSite, key: int | str) -> K:
    """Return `value` as a `kind`; `key` says which argument of the call it was."""
    if isinstance(value, kind):
        return value
    span = site.span_of(key)
    if kind is Transform and isinstance(value, FunctionType) and value in _TRANSFORMS:
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
            state = _state_type(target)
            use = StateUse(state, span) if state else None
            return kind(function, use)  # type: ignore[call-arg]  # every kind is
    report(
        refuse(
            "FLOW101",
            f"{label(value)} stands where {article(kind)} belongs",
            span=span,
            hint=_cure(kind, value),
        )
    )
    return stand_in(kind)


_TRANSFORMS: dict[Any, type[Any]] = {}


def register_transform(fn: Callable[..., Any], node: type[ir.Node]) -> None:
    """Say that a function of ours is a transform as it stands, and what it means."""
    _TRANSFORMS[fn] = node


def site_of_bare(site: CallSite, span: Span) -> CallSite:
    """Return the place of a decorated function that is used without a call."""
    return CallSite(span, site.file, None, site.globals, site.locals)


def stand_in(kind: type[K]) -> K:
    """Return a harmless part of a kind, for one that could not be made."""
    nothing = ir.Call(describe_function(lambda *_: None))
    node = ir.Do(()) if kind is Step else nothing
    return kind(node)  # type: ignore[call-arg]  # every kind is made of a node


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


def is_entry_point(value: object) -> bool:
    """Return whether a value is a function decorated with @flow.workflow."""
    return isinstance(value, Leaf) and not isinstance(value, LeafFunction)


def label(value: object) -> str:
    """Return how a message speaks of a value: by its name and its kind."""
    match value:
        case LeafFunction():
            return f"the {value.kind.__name__.lower()} {value.__name__}"
        case Built() if isinstance(getattr(value, "node", None), ir.Call):
            kind = type(value).__name__.lower()
            return f"the {kind} {value.node.function.name}()"  # type: ignore[attr-defined]  # seen above
        case Built():
            return article(type(value))
        case FunctionType(__name__="<lambda>"):
            return "this lambda"
        case _ if hasattr(value, "__name__"):
            return f"{value.__name__}"
        case _:
            return f"{value!r} ({type(value).__name__})"


def article(kind: type[Any]) -> str:
    """Return a kind's name in lower case with its article: "an extract"."""
    name = kind.__name__.lower()
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def written_signature(fn: Callable[..., Any]) -> str:
    """Return a function's name and parameters, as in its definition."""
    parameters = _signature(fn).replace(return_annotation=inspect.Signature.empty)
    return f"{getattr(fn, '__name__', 'function')}{parameters}"


def _cure(kind: type[Any], value: object) -> str:
    name = kind.__name__.lower()
    if isinstance(value, LeafFunction):
        return f"use {article(kind)}: decorate the function with @flow.{name}"
    if isinstance(value, Built) or value is None or not callable(value):
        return (
            f"give it {article(kind)}: a call of a function decorated with @flow.{name}"
        )
    wanted = ", ".join(operands(kind))
    return f"give it {article(kind)}, or a function that takes ({wanted})"


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
        _signature(fn).bind(*before, **{a.keyword or "": a for a in arguments})
    except TypeError:
        return None
    return ir.Call(describe_function(fn), arguments, span=span)


def _mistake(
    fn: Callable[..., Any],
    before: tuple[str, ...],
    args: tuple[Any, ...],
    error: TypeError,
) -> str:
    """Say what is wrong with bound arguments, counting as the author does."""
    text = str(error)
    if text == "too many positional arguments":
        positional = (
            inspect.Parameter.POSITIONAL_ONLY,
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
        )
        kinds = [p.kind for p in _signature(fn).parameters.values()]
        most = sum(kind in positional for kind in kinds) - len(before)
        return f"it takes {most} argument{'s' * (most != 1)}, but {len(args)} are given"
    return text


@cache
def _signature(fn: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(fn)


@cache
def _described(fn: Callable[..., Any]) -> ir.Function:
    return describe_function(fn)


_states: dict[Callable[..., Any], type[Any]] = {}


def _state_type(fn: Any) -> type[Any] | None:
    """Return the class that a function's first parameter is annotated with, if any."""
    if fn in _states:
        return _states[fn]
    try:
        parameters = list(_signature(fn).parameters)
        hint = get_type_hints(fn).get(parameters[0])
    except (NameError, TypeError, AttributeError, ValueError, IndexError):
        # A forward reference, or a name for type checkers only.
        return None
    # An abstract or generic annotation is left to the type checker.
    if (
        not isinstance(hint, type)
        or hint in (object, Any)
        or getattr(hint, "_is_protocol", False)
    ):
        return None
    _states[fn] = hint
    return hint
