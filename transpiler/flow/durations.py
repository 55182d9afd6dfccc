"""Durations: seconds, or a timedelta, also one that is known only when it is needed."""

from __future__ import annotations

import ast
import builtins
import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from types import FunctionType
from typing import Any, get_args, get_type_hints

from transpiler.capture.settled import is_settled
from transpiler.capture.sites import CallSite
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import refuse, report
from transpiler.flow.words import is_text, shown
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import (
    Computed,
    Expression,
    Given,
    Item,
    Let,
    Source,
    parsed,
)


def seconds(
    value: Any, site: CallSite, key: int | str, keyword: str | None = None
) -> Expression:
    """Return a duration in seconds, checked, as the author wrote it if in seconds."""
    if keyword is not None and site.node(keyword) is not None:
        key = keyword
    if isinstance(value, Symbol) and not is_text(value):
        return _in_seconds(site.expression(key, value), site)
    if isinstance(value, timedelta):
        total = value.total_seconds()
        written = _known_in_seconds(site.expression(key, value), total)
    else:
        total, written = value, site.expression(key, value)
    if is_number(total) and total >= 0:
        return written
    problem = f"{shown(value)} is no duration"
    if is_number(total):
        problem = f"a delay can't be negative: {total} seconds"
    _refuse(problem, site, key, "give seconds from 0 on, or a timedelta")
    return Given(0)


def _known_in_seconds(expression: Expression, total: float) -> Expression:
    """Return a timedelta that is known now in seconds; what may change, as written."""
    source = expression.source if isinstance(expression, Given) else None
    if source is None or is_settled(source):
        return Given(int(total) if total.is_integer() else total)
    return Given(total, _total_seconds(source))


def _total_seconds(source: Source) -> Source:
    tree = parsed(source.text)
    alone = (ast.Name, ast.Attribute, ast.Subscript, ast.Call)
    text = source.text if isinstance(tree, alone) else f"({source.text})"
    return replace(source, text=f"{text}.total_seconds()")


def is_number(value: object) -> bool:
    """Return whether a value is a finite number, and no bool."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return math.isfinite(value)


def _refuse(problem: str, site: CallSite, key: int | str, hint: str) -> None:
    report(refuse("FLOW104", problem, span=site.span_of(key), hint=hint))


def _in_seconds(expression: Expression, site: CallSite) -> Expression:
    """Return what is known only when it is needed in seconds, if it is a timedelta."""
    if kind_of(expression) is not timedelta:
        return expression
    match expression:
        case Computed(source):
            return Computed(_total_seconds(source))
        case Item(name=name) | Let(name=name):
            text = f"{name}.total_seconds()"
            names = {name: expression}
            return Computed(Source(text, dict(site.globals), names, site.span))
    return expression


# What is known of the type of a value that is not known yet


def kind_of(expression: Expression) -> Any:
    """Return the type of an expression's value as far as it can be told, else None."""
    match expression:
        case Given(value=value):
            return type(value)
        case Item():
            return expression.holds
        case Let(value=value):
            return kind_of(value)
        case Computed(source):
            return _kind(parsed(source.text), source)


def item_kind(items: ir.Extract) -> Any:
    """Return the type of what a loop goes over, as far as it can be told, else None."""
    match items:
        case ir.Value(value=Given(value=value)) if not isinstance(value, Mapping):
            return _common(value)
        case ir.Call(function=function):
            kinds = get_args(hints_of(function.fn).get("return"))
            return kinds[0] if kinds[:1] and set(kinds[1:]) <= {Ellipsis} else None
        case ir.Named(inner=inner):
            return item_kind(inner)
        case _:
            return None


def hints_of(part: object) -> Mapping[str, Any]:
    """Return the annotations of a function or a class that can be made out."""
    try:
        return get_type_hints(part)
    except (NameError, TypeError, AttributeError, SyntaxError):
        return {}


def kinds_of_locals(body: Iterable[ast.stmt], source: Source) -> Mapping[str, Any]:
    """Return the types of what statements assign to names; `source` tells the rest."""
    found: dict[str, list[Any]] = {}
    for part in (part for statement in body for part in ast.walk(statement)):
        match part:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                found.setdefault(name, []).append(_kind(value, source))
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found.setdefault(name, []).append(_kind(value, source))
    return {name: ks[0] for name, ks in found.items() if len(set(ks)) == 1}


def _common(values: Any) -> Any:
    try:
        kinds = {type(value) for value in values}
    except TypeError:
        return None
    return kinds.pop() if len(kinds) == 1 else None


_UNKNOWN = object()


def _kind(node: ast.expr, source: Source) -> Any:
    """Return the type of an expression of a source, if it can be told."""
    value = _value(node, source)
    if value is not _UNKNOWN:
        return type(value)
    match node:
        case ast.Name(id=name) if name in source.names:
            return kind_of(source.names[name])
        case ast.Attribute(value=owner, attr=attribute):
            owned = _kind(owner, source)
            return hints_of(owned).get(attribute) if isinstance(owned, type) else None
        case ast.Call(func=func):
            callee = _value(func, source)
            if isinstance(callee, FunctionType):
                return hints_of(callee).get("return")
            return callee if isinstance(callee, type) else None
        case ast.Subscript(value=owner):
            container = _value(owner, source)
            if isinstance(container, Mapping):
                return _common(container.values())
            return _common(container) if isinstance(container, (list, tuple)) else None
        case ast.IfExp(body=body, orelse=other):
            kinds = {_kind(body, source), _kind(other, source)}
            return kinds.pop() if len(kinds) == 1 else None
        case ast.UnaryOp(operand=operand):
            return _kind(operand, source)
        case ast.BinOp(left=left, op=op, right=right):
            kinds = {_kind(left, source), _kind(right, source)}
            ratio = isinstance(op, (ast.Div, ast.FloorDiv)) and kinds == {timedelta}
            return timedelta if timedelta in kinds and not ratio else None
        case _:
            return None


def _value(node: ast.expr, source: Source) -> Any:
    """Return what a dotted global name stands for, or _UNKNOWN."""
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name) if name not in source.names:
            return source.globals.get(name, getattr(builtins, name, _UNKNOWN))
        case ast.Attribute(value=value, attr=attribute):
            owner = _value(value, source)
            if owner is _UNKNOWN:
                return _UNKNOWN
            return getattr(owner, attribute, _UNKNOWN)
        case _:
            return _UNKNOWN
