"""Whether the arguments that a decorated function is called with fit it."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from inspect import Parameter
from typing import Any, get_type_hints

from transpiler.capture.files import position_of
from transpiler.capture.functions import definition_span, parameter_span
from transpiler.capture.markers import Built, Leaf
from transpiler.capture.sites import CallSite
from transpiler.diagnostics import Note, refuse, report
from transpiler.flow.words import label, shown
from transpiler.source import Span

RUNNING: ContextVar[bool] = ContextVar("RUNNING", default=False)
"""Whether a workflow runs: what a handler then gives its steps is nobody's mistake."""

_NAMED = (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)
_PLACED = (Parameter.POSITIONAL_ONLY, Parameter.POSITIONAL_OR_KEYWORD)


@cache
def signature(fn: Callable[..., Any]) -> inspect.Signature:
    """Return a function's signature, looked up once."""
    return inspect.signature(fn)


@cache
def placed_names(fn: Callable[..., Any]) -> tuple[str, ...]:
    """Return the names of the parameters for positional arguments, a `*args` last."""
    kinds = (*_PLACED, Parameter.VAR_POSITIONAL)
    parameters = signature(fn).parameters.values()
    return tuple(p.name for p in parameters if p.kind in kinds)


@dataclass(frozen=True, slots=True)
class GivenArguments:
    """A call of a decorated function. It takes `operands` more when it runs."""

    leaf: Leaf
    fn: Callable[..., Any]
    operands: int
    site: CallSite
    args: Sequence[Any]
    keywords: Mapping[str, Any]

    @property
    def parameters(self) -> list[Parameter]:
        """The parameters that arguments are for."""
        return list(signature(self.fn).parameters.values())[self.operands :]

    @property
    def before(self) -> list[Parameter]:
        """The parameters for what comes when it runs."""
        return list(signature(self.fn).parameters.values())[: self.operands]

    @property
    def placed(self) -> list[Parameter]:
        """The parameters that positional arguments can be for."""
        return [p for p in self.parameters if p.kind in _PLACED]

    def each(self) -> Iterator[tuple[int | str, Any, Parameter | None]]:
        """Yield every argument: its position or keyword, its value, what it is for."""
        placed: list[Parameter | None] = [*self.placed]
        placed += [None] * len(self.args)
        for index, (value, parameter) in enumerate(
            zip(self.args, placed, strict=False)
        ):
            yield index, value, parameter
        named = {p.name: p for p in self.parameters if p.kind in _NAMED}
        for name, value in self.keywords.items():
            yield name, value, named.get(name)

    def refuse(self, code: str, span: Span, message: str, hint: str) -> None:
        """Report a mistake of this call, with the definition as the other place."""
        defined = definition_span(self.fn)
        notes = [Note(defined, "it is defined here")] if defined else []
        report(
            refuse(
                code,
                f"{label(self.leaf)} {message}",
                span=span,
                hint=hint,
                notes=notes,
            )
        )


def check_arguments(given: GivenArguments) -> None:
    """Report missing, surplus, unknown and wrong arguments, and steps among them."""
    for key, value, _ in given.each():
        if isinstance(value, (Built, Leaf)):
            name = getattr(value, "__name__", "") if hasattr(value, "fn") else ""
            name = getattr(value, "__name__", "") if hasattr(value, "fn") else ""
            plain = f"; its plain function is {name}.fn" if name else ""
            given.refuse(
                "FLOW102",
                given.site.span_of(key),
                f"is given {label(value)} as an argument",
                "arguments are values: give steps to a combinator, such as "
                f"flow.do(...){plain}",
            )
    if any(p.kind is Parameter.VAR_POSITIONAL for p in given.before):
        return
    meant = {*_check_surplus(given), *filter(None, _unknown_keywords(given))}
    _check_missing(given, meant)
    _check_types(given)


def _check_surplus(given: GivenArguments) -> list[str]:
    """Report arguments that are too many; return what they may be meant for."""
    if any(p.kind is Parameter.VAR_POSITIONAL for p in given.parameters):
        return []
    most = len(given.placed)
    surplus = range(most, len(given.args))
    if not surplus:
        return []
    named = [
        p.name
        for p in given.parameters
        if p.kind is Parameter.KEYWORD_ONLY and p.name not in given.keywords
    ][: len(surplus)]
    first, last = given.site.span_of(surplus[0]), given.site.span_of(surplus[-1])
    span = Span(first.path, first.line, first.column, last.end_line, last.end_column)
    runs = " and ".join(p.name for p in given.before)
    takes = ", ".join(p.name for p in given.placed)
    hint = f"leave {'them' if len(surplus) > 1 else 'it'} out; " + (
        f"{runs} {'come' if len(given.before) > 1 else 'comes'} when it runs"
    )
    if named:
        texts = [given.site.written(i) or "..." for i in surplus]
        pairs = zip(named, texts, strict=False)
        hint = f"write {', '.join(f'{name}={text}' for name, text in pairs)}"
    given.refuse(
        "FLOW102",
        span,
        f"is given {_count(len(given.args), 'argument')}, but takes "
        + (f"{most}: {takes}" if most else "none"),
        hint,
    )
    return named


def _unknown_keywords(given: GivenArguments) -> Iterator[str | None]:
    """Report keywords that are no parameter's, or given twice; yield what was meant."""
    known = [p.name for p in given.parameters if p.kind in _NAMED]
    filled = [p.name for p in given.placed[: len(given.args)]]
    open_ended = any(p.kind is Parameter.VAR_KEYWORD for p in given.parameters)
    for name in given.keywords:
        # `**more` takes the name of a positional-only parameter as well.
        if name in filled and (name in known or not open_ended):
            message, hint = f"is given {name} twice", "leave one of them out"
        elif name in known or open_ended:
            continue
        elif name in [p.name for p in given.before]:
            message = f"is given {name}, which comes when it runs"
            hint = "leave it out"
        else:
            close = difflib.get_close_matches(name, known, n=1)
            yield close[0] if close else None
            message = f"has no parameter {name}"
            if close:
                hint = f"did you mean {close[0]}?"
            else:
                hint = f"it takes {', '.join(known) or 'no arguments'}"
        given.refuse("FLOW102", _keyword_span(given.site, name), message, hint)


def _check_missing(given: GivenArguments, meant: set[str]) -> None:
    filled = {p.name for p in given.placed[: len(given.args)]}
    missing = [
        p
        for p in given.parameters
        if p.default is p.empty
        and p.kind in (*_PLACED, Parameter.KEYWORD_ONLY)
        and p.name not in filled | meant | given.keywords.keys()
    ]
    if not missing:
        return
    names = ", ".join(p.name for p in missing)
    plural = "s" * (len(missing) > 1)
    given.refuse(
        "FLOW102",
        given.site.span,
        f"lacks {'its' if plural else 'an'} argument{plural}: {names}",
        f"write {_completed(given, missing)}",
    )


def _completed(given: GivenArguments, missing: Sequence[Parameter]) -> str:
    """Return the call with the missing arguments, to be filled in."""
    site, name = given.site, getattr(given.leaf, "__name__", "it")
    written: list[str] = []
    if site.call is not None and site.file is not None:
        name = site.file.slice(position_of(site.call.func))
        written = [site.file.slice(position_of(x)) for x in site.call.args]
        written += [
            f"{k.arg}={site.file.slice(position_of(k.value))}"
            for k in site.call.keywords
            if k.arg
        ]
    if any("\n" in text for text in written) or len(", ".join(written)) > 60:
        written = ["..."]
    if len(given.args) > len(given.placed):
        written = []
    return f"{name}({', '.join([*written, *(f'{p.name}=...' for p in missing)])})"


_TYPES: dict[Any, tuple[type[Any], ...]] = {
    str: (str,),
    bytes: (bytes,),
    bool: (bool,),
    int: (int,),
    float: (int, float),
}
_PLAIN = (str, bytes, bool, int, float, list, tuple, dict, set)


def _check_types(given: GivenArguments) -> None:
    """Report plain values that are not of the plain type that is annotated.

    The rest is for type checkers, which know more.
    """
    if RUNNING.get():
        return
    try:
        hints = get_type_hints(given.fn)
    except (NameError, TypeError, AttributeError):
        return
    for key, value, parameter in given.each():
        wanted = hints.get(parameter.name) if parameter else None
        if parameter is None or not isinstance(wanted, type) or wanted not in _TYPES:
            continue
        if value is None:
            fits = parameter.default is None
        else:
            fits = type(value) not in _PLAIN or isinstance(value, _TYPES[wanted])
        if fits:
            continue
        place = parameter_span(given.fn, parameter.name)
        report(
            refuse(
                "FLOW106",
                f"{label(given.leaf)} is given {shown(value)} for {parameter.name}, "
                f"which is annotated as {wanted.__name__}",
                span=given.site.span_of(key),
                hint=f"give a value of type {wanted.__name__}, or mend the annotation",
                notes=[Note(place, "it is annotated here")] if place else [],
            )
        )


def _keyword_span(site: CallSite, name: str) -> Span:
    """Return the span of a keyword with its value."""
    value = site.span_of(name)
    if site.node(name) is None:
        return value
    column = value.column - len(name) - 1
    # Written with spaces around the `=`, or on several lines, only the value is sure.
    if column < 0:
        return value
    return Span(value.path, value.line, column, value.end_line, value.end_column)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
