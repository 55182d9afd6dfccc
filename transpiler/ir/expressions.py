"""What an argument is: a known value, a loop item, or an expression over items."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from types import CodeType
from typing import Any

from transpiler.source import NOWHERE, Span


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """An expression as the author wrote it, and what its names stand for.

    `names` binds the names that are local where it was written: parameters, local
    variables, loop items. Every other name is one of `globals`, or a builtin.
    """

    text: str
    globals: dict[str, Any] = field(repr=False)
    names: Mapping[str, Expression] = field(default_factory=dict)
    span: Span = NOWHERE
    once: bool = False

    @property
    def calls(self) -> bool:
        """Whether it must be evaluated only once: it calls something, or is `once`."""
        return self.once or _shape(self.text)[1]

    @property
    def reads(self) -> frozenset[str]:
        """The names that the text reads and does not bind itself."""
        return _shape(self.text)[0]

    @property
    def is_lambda(self) -> bool:
        """Whether the text is a lambda."""
        return _shape(self.text)[2]

    @property
    def module(self) -> str:
        """The name of the module that it was written in."""
        return str(self.globals.get("__name__", "__main__"))


LATE = "__flowc_late__"
"""Among the names of a source: what it must not be evaluated before."""


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """A value known when the workflow was built, with its source if that was seen."""

    value: Any
    source: Source | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """What a loop is at, known only when it runs. Each loop has an item of its own.

    What a handler function reads of its own is one too; `noun` says what it is. `kind`
    is the type of what it holds as it is written, `holds` is that type, where known.
    """

    name: str
    span: Span = field(default=NOWHERE)
    noun: str = "loop item"
    kind: str = ""
    holds: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """An expression over loop items, evaluated where it is used."""

    source: Source


@dataclass(frozen=True, slots=True, eq=False)
class Let:
    """An expression that calls something, and so is evaluated only once.

    One over items: for each item, before its body. Any other: when a run starts.
    """

    name: str
    value: Computed | Given


Expression = Given | Item | Computed | Let

Bindings = Mapping[Item | Let, Any]
"""The values of the items and lets around an expression, while a workflow runs."""


def parsed(text: str) -> ast.expr:
    """Return the tree of an expression, which may go over several lines."""
    return ast.parse(f"({text}\n)", mode="eval").body


@cache
def _shape(text: str) -> tuple[frozenset[str], bool, bool]:
    """Return an expression's free names, whether it calls anything, and is a lambda."""
    tree = parsed(text)
    return free_names(tree), calls(tree), isinstance(tree, ast.Lambda)


def free_names(node: ast.AST) -> frozenset[str]:
    """Return the names that an expression reads and does not bind itself."""
    match node:
        case ast.Name(id=name):
            return frozenset([name])
        case ast.Lambda(args=args, body=body):
            every = [*args.posonlyargs, *args.args, *args.kwonlyargs]
            every += [arg for arg in (args.vararg, args.kwarg) if arg]
            defaults = [*args.defaults, *(d for d in args.kw_defaults if d)]
            inside = free_names(body) - {arg.arg for arg in every}
            return inside.union(*map(free_names, defaults))
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            bound = {
                name.id
                for loop in node.generators
                for name in ast.walk(loop.target)
                if isinstance(name, ast.Name)
            }
            first = free_names(node.generators[0].iter)
            children = map(free_names, ast.iter_child_nodes(node))
            return first | (frozenset().union(*children) - bound)
        case _:
            children = map(free_names, ast.iter_child_nodes(node))
            return frozenset().union(*children)


def calls(node: ast.AST) -> bool:
    """Return whether evaluating an expression calls anything."""
    # The body of a lambda runs later, if at all.
    if isinstance(node, ast.Lambda):
        return False
    # A generator can be gone through only once: it is one per run, too.
    if isinstance(node, (ast.Call, ast.Await, ast.GeneratorExp)):
        return True
    return any(map(calls, ast.iter_child_nodes(node)))


@cache
def _compiled(text: str, path: str) -> CodeType:
    return compile(f"({text}\n)", path, "eval")


def evaluate(expression: Expression, bindings: Bindings) -> Any:
    """Return an expression's value, given the values of the items around it."""
    match expression:
        case Given():
            return expression.value
        case Item() | Let():
            return bindings[expression]
        case Computed(source):
            local = {name: evaluate(x, bindings) for name, x in source.names.items()}
            code = _compiled(source.text, source.span.path)
            # One mapping, not globals and locals: a lambda in the text reads both.
            return eval(code, {**source.globals, **local})


def reevaluate(expression: Expression, bindings: Bindings) -> Any:
    """Return an expression's value, evaluating its source anew if it has one."""
    if isinstance(expression, Given) and expression.source is not None:
        return evaluate(Computed(expression.source), bindings)
    return evaluate(expression, bindings)


def items_of(expression: Expression) -> frozenset[Item | Let]:
    """Return the items and lets that an expression's value depends on."""
    match expression:
        case Given():
            return frozenset()
        case Item() | Let():
            return frozenset([expression])
        case Computed(source):
            return frozenset().union(*map(items_of, source.names.values()))


def is_variable(let: Let) -> bool:
    """Return whether a let is a variable of the environment: flow.env's."""
    # It is an expression of ours, which no module holds.
    value = let.value
    return isinstance(value, Computed) and "__name__" not in value.source.globals


def same_variable(one: Let, other: Let) -> bool:
    """Return whether two lets are the same variable of the environment."""
    return is_variable(one) and is_variable(other) and _asked(one) == _asked(other)


def _asked(let: Let) -> object:
    source = let.value.source
    assert source is not None
    return source.text, [evaluate(x, {}) for _, x in sorted(source.names.items())]
