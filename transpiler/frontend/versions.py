"""Conditions that ask for the version of Python, as every script answers them.

A script runs on Python 3.11 or later: what stands under `sys.version_info < (3, 8)`
never runs in it, and what stands under `sys.version_info >= (3, 11)` always does.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import libcst as cst

_OLDEST = 11
_NEWEST = 40
_MODULE = cst.Module([])
_INFO, _HEX = "sys.version_info", "sys.hexversion"
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
_PARTS = ("major", "minor", "micro", "releaselevel", "serial")


def is_settled(test: cst.BaseExpression, names: Mapping[str, str]) -> bool | None:
    """Return what a condition is in every script; None if that depends on more.

    `names` says what names of the module stand for, as `version_info` for
    `sys.version_info`.
    """
    text = _MODULE.code_for_node(test)
    if not any(word in text for word in ("version", *names)):
        return None
    try:
        node = ast.parse(f"({text})", mode="eval").body
        answers = {bool(_value(node, names, version)) for version in _versions()}
    except (_Unknown, SyntaxError, TypeError, LookupError, ValueError):
        return None
    return answers.pop() if len(answers) == 1 else None


class _Unknown(Exception):
    """The condition asks for something else, too."""


def _versions() -> Iterator[tuple[int, int, int, str, int]]:
    for minor in range(_OLDEST, _NEWEST):
        yield (3, minor, 0, "alpha", 1)
        yield (3, minor, 99, "final", 0)


def _value(
    node: ast.expr, names: Mapping[str, str], version: tuple[int, int, int, str, int]
) -> Any:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Tuple(elts=elements):
            return tuple(_value(each, names, version) for each in elements)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not _value(operand, names, version)
        case ast.BoolOp(op=op, values=values):
            parts = [bool(_value(each, names, version)) for each in values]
            return all(parts) if isinstance(op, ast.And) else any(parts)
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            compare = _COMPARISONS.get(type(op))
            if compare is None:
                raise _Unknown
            return compare(_value(left, names, version), _value(right, names, version))
        case ast.Subscript(value=inner, slice=ast.Slice(lower, upper, None)):
            bounds = (_index(each, names, version) for each in (lower, upper))
            return _value(inner, names, version)[slice(*bounds)]
        case ast.Subscript(value=inner, slice=index):
            return _value(inner, names, version)[_value(index, names, version)]
        case ast.Attribute(value=inner, attr=name) if name in _PARTS:
            return _value(inner, names, version)[_PARTS.index(name)]
        case ast.Name() | ast.Attribute():
            meaning = names.get(ast.unparse(node))
            if meaning == _INFO:
                return version
            if meaning == _HEX:
                major, minor, micro, _, _ = version
                return major << 24 | minor << 16 | micro << 8
            if meaning in ("True", "False"):
                return meaning == "True"
    raise _Unknown


def _index(
    node: ast.expr | None,
    names: Mapping[str, str],
    version: tuple[int, int, int, str, int],
) -> Any:
    return None if node is None else _value(node, names, version)
