"""Where a combinator was called, and the source of the arguments that it was given."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import FrameType
from typing import Any

from transpiler.capture.files import (
    SourceFile,
    position_of,
    positions,
    source_file,
    span_at,
)
from transpiler.capture.settled import is_changing
from transpiler.capture.symbols import Symbol, is_ours
from transpiler.ir.expressions import Computed, Expression, Given, Source, free_names
from transpiler.source import NOWHERE, Span

MISSING = object()


@dataclass(frozen=True, slots=True, eq=False)
class CallSite:
    """A call in the author's code; `call` is None where its source can't be told."""

    span: Span
    file: SourceFile | None
    call: ast.Call | None
    globals: dict[str, Any]
    locals: Mapping[str, Any]

    def node(self, key: int | str) -> ast.expr | None:
        """Return the source of an argument, by its position or its keyword."""
        if self.call is None:
            return None
        if isinstance(key, str):
            found = (k.value for k in self.call.keywords if k.arg == key)
            return next(found, None)
        return self.call.args[key] if key < _unstarred(self.call) else None

    def written(self, key: int | str) -> str:
        """Return the source of an argument if it is short, or ""."""
        node = self.node(key)
        if node is None or self.file is None or node.lineno != node.end_lineno:
            return ""
        text = self.file.slice(position_of(node))
        return text if len(text) <= 40 else ""

    def span_of(self, key: int | str) -> Span:
        """Return the span of an argument, or that of the whole call."""
        node = self.node(key)
        return span_at(self.span.path, position_of(node)) if node else self.span

    def entry(self, key: int | str, index: int) -> tuple[CallSite, CallSite]:
        """Return a mapping argument's key and value, each as if called with it.

        Where the mapping is not written out in the call, both are the whole argument.
        """
        node = self.node(key)
        span = self.span_of(key)
        if isinstance(node, ast.Dict) and None not in node.keys[: index + 1]:
            name, value = node.keys[index], node.values[index]
            assert name is not None
            return self._part(name), self._part(value)
        whole = replace(self, span=span, call=None)
        return whole, whole

    def _part(self, node: ast.expr) -> CallSite:
        span = span_at(self.span.path, position_of(node))
        call = ast.copy_location(ast.Call(node, [node], []), node)
        return replace(self, span=span, call=call)

    def expression(self, key: int | str, value: Any) -> Expression:
        """Return what an argument is, given the value that it had."""
        if holds_symbol(value):
            return expression_of(value)
        node = self.node(key)
        source = self.source(node) if node is not None else None
        if source and (
            (source.is_lambda and source.names)
            or not all(isinstance(x, Given) for x in source.names.values())
        ):
            # A lambda over local names: it keeps what they are now, in this turn of a
            # loop, and is another one for each item.
            return Computed(source)
        if source is None or source.names:
            value = snapshot(value)
        elif is_changing(source):
            source = replace(source, once=True)
        return Given(value, source)

    def source(self, node: ast.expr) -> Source | None:
        """Return an expression of this call, or None if a name in it can't be told."""
        assert self.file is not None
        names: dict[str, Expression] = {}
        for name in sorted(free_names(node)):
            value = self.locals.get(name, MISSING)
            if value is MISSING:
                if name not in self.globals and not hasattr(builtins, name):
                    return None
            elif self.locals is not self.globals:
                names[name] = expression_of(value)
        span = span_at(self.span.path, position_of(node))
        return Source(self.file.slice(position_of(node)), self.globals, names, span)


def _unstarred(call: ast.Call) -> int:
    """Return how many arguments of a call stand before one with a star."""
    if call not in _known_unstarred:
        stars = (i for i, x in enumerate(call.args) if isinstance(x, ast.Starred))
        _known_unstarred[call] = next(stars, len(call.args))
    return _known_unstarred[call]


_known_unstarred: dict[ast.Call, int] = {}


def expression_of(value: Any) -> Expression:
    """Return what a value is: a stand-in's expression, or itself.

    A list, tuple or dict that holds a stand-in is the expression that makes it anew.
    """
    if isinstance(value, Symbol):
        return value.expression
    if not holds_symbol(value):
        return Given(value)
    if isinstance(value, dict):
        parts = [part for pair in value.items() for part in pair]
        names = [f"part_{index}" for index in range(len(parts))]
        pairs = zip(names[::2], names[1::2], strict=True)
        text = ", ".join(f"{key}: {element}" for key, element in pairs).join("{}")
    else:
        parts = list(value)
        names = [f"part_{index}" for index in range(len(parts))]
        text = ", ".join(names)
        text = f"[{text}]" if isinstance(value, list) else f"({text},)"
    bound = dict(zip(names, map(expression_of, parts), strict=True))
    return Computed(Source(text, {}, bound))


def snapshot(value: Any, around: tuple[Any, ...] = ()) -> Any:
    """Return what containers hold now, before the author's code changes them.

    One that is `around` itself has no copy of its own: it can't be written anyway.
    """
    kind = type(value)
    if kind in (set, bytearray):
        return kind(value)
    if kind not in (dict, list, tuple) or any(value is other for other in around):
        return value
    around = (*around, value)
    if kind is dict:
        return {key: snapshot(element, around) for key, element in value.items()}
    return kind(snapshot(element, around) for element in value)


def holds_symbol(value: Any, around: tuple[Any, ...] = ()) -> bool:
    """Return whether a value is a stand-in, or a container that holds one.

    A container that is `around` itself is not looked into again.
    """
    if isinstance(value, Symbol):
        return True
    if not isinstance(value, (list, tuple, dict)) or not value:
        return False
    if any(value is other for other in around):
        return False
    around = (*around, value)
    held = value.values() if isinstance(value, dict) else value
    return any(holds_symbol(element, around) for element in held)


def call_site(callee: object) -> CallSite:
    """Return the call in the author's code that led to `callee`'s body running now."""
    frame = sys._getframe(1)
    while frame.f_back and is_ours(frame.f_globals):
        frame = frame.f_back
    path = frame.f_code.co_filename
    position = positions(frame.f_code)[frame.f_lasti // 2]
    file = source_file(path)
    if position is None or file is None:
        span = Span(path, frame.f_lineno) if file else NOWHERE
        return CallSite(span, None, None, frame.f_globals, {})
    call = file.calls.get(position)
    if call is not None and _value(call.func, frame) is not callee:
        # Called through map(), a decorator or the like: the arguments are not here.
        call = None
    # From Python 3.13 on, f_locals is a window on the frame, which is gone later.
    values = dict(frame.f_locals)
    if frame.f_code.co_name == "<module>" and len(values) == len(frame.f_globals):
        values = frame.f_globals
    span = replace(span_at(path, position), origin=_origin(frame))
    return CallSite(span, file, call, frame.f_globals, values)


def _origin(frame: FrameType | None) -> int:
    """Return a number for the calls under way: the same in each turn of a loop."""
    calls = []
    while frame is not None:
        calls.append((id(frame.f_code), frame.f_lasti))
        frame = frame.f_back
    return hash(tuple(calls))


def _value(node: ast.expr, frame: FrameType) -> object:
    """Evaluate a dotted name in a frame, without calling anything."""
    match node:
        case ast.Name(id=name):
            if name in frame.f_locals:
                return frame.f_locals[name]
            return frame.f_globals.get(name, MISSING)
        case ast.Attribute(value=value, attr=attribute):
            return getattr(_value(value, frame), attribute, MISSING)
        case ast.Subscript(value=value):
            # do[Spec](...), a parametrised generic
            return _value(value, frame)
        case _:
            return MISSING
