"""What the author's own expressions look at.

Lambdas and handler functions are no leaves: they run, on values that are made up. A
branch on `server.region == "eu"` is gone both ways only if the region is once "eu", so
what they read is known here, and what they compare it with.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

from transpiler.capture.files import function_node
from transpiler.flow.accept import LeafFunction
from transpiler.frontend.callables import Inline, find_callable
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression, Given
from transpiler.ir.walk import walk

PLAIN = (str, int, float)


@dataclass(frozen=True, slots=True)
class Looks:
    """What an expression of the author's looks at.

    `names` are attributes that it reads; `constants` what it may compare them with;
    `leaves` the decorated functions that it calls by `.fn`.
    """

    names: frozenset[str]
    constants: tuple[Any, ...]
    leaves: tuple[LeafFunction, ...]

    @property
    def words(self) -> tuple[str, ...]:
        """The texts that it may look for in an error's words."""
        return tuple(x for x in self.constants if isinstance(x, str) and x)


@functools.cache
def looks_of(function: ir.Function | ir.HandlerFunction) -> Looks | None:
    """Return what a function of the author's looks at; None for one that is a leaf."""
    is_function = isinstance(function, ir.Function)
    if is_function and not isinstance(find_callable(function), Inline):
        return None
    fn = inspect.unwrap(function.fn)
    assert isinstance(fn, FunctionType)
    names = frozenset(n for code in _codes(fn.__code__) for n in code.co_names)
    known = dict(function.captured) | dict(function.defaults)
    constants = dict.fromkeys(
        (type(value), value)
        for value in (*_compared(function, fn), *_values(names, fn, known))
        if type(value) in PLAIN
    )
    leaves = tuple(dict.fromkeys(_leaves(names, fn)))
    return Looks(names, tuple(value for _, value in constants), leaves)


def fields_looked_at(workflow: ir.Workflow) -> dict[str, tuple[Any, ...]]:
    """Return the names of fields that expressions read, with what they compare."""
    found: dict[str, tuple[Any, ...]] = {}
    for part in walk(workflow.step):
        looks, cases = None, ()
        match part:
            case ir.Switch(subject=ir.Call(function=function), cases=given):
                values = (case.value for case in given)
                looks = looks_of(function)
                cases = tuple(x.value for x in values if isinstance(x, Given))
            case ir.Call(function=function) | ir.OnlyIf(check=function):
                looks = looks_of(function)
            case ir.HandlerFunction():
                looks = looks_of(part)
        if looks is None:
            continue
        for name in looks.names:
            constants = (*found.get(name, ()), *looks.constants, *cases)
            found[name] = tuple({(type(x), x): x for x in constants}.values())
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _codes(inner)


def _compared(
    function: ir.Function | ir.HandlerFunction, fn: FunctionType
) -> Iterator[Any]:
    """Yield the constants of an expression, or of the tests in a handler."""
    node = function_node(fn.__code__) if fn.__name__ != "<lambda>" else None
    if node is None:
        for code in _codes(fn.__code__):
            yield from _flat(code.co_consts)
        return
    for part in ast.walk(node):
        match part:
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
                yield from _constants(test)
            case ast.match_case(pattern=pattern):
                yield from _constants(pattern)


def _constants(node: ast.AST) -> Iterator[Any]:
    return (x.value for x in ast.walk(node) if isinstance(x, ast.Constant))


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    for value in values:
        if isinstance(value, (tuple, frozenset)):
            yield from _flat(value)
        else:
            yield value


def _values(
    names: frozenset[str], fn: FunctionType, known: Mapping[str, Expression]
) -> Iterator[Any]:
    """Yield what names stand for: of the module, and of the function around."""
    for name in sorted(names):
        yield fn.__globals__.get(name)
    for value in known.values():
        if isinstance(value, Given):
            yield value.value


def _leaves(names: frozenset[str], fn: FunctionType) -> Iterator[LeafFunction]:
    if "fn" not in names:
        return
    for name in sorted(names):
        value = fn.__globals__.get(name)
        if isinstance(value, LeafFunction):
            yield value
        elif isinstance(value, ModuleType):
            inside = (vars(value).get(each) for each in sorted(names))
            yield from (each for each in inside if isinstance(each, LeafFunction))
