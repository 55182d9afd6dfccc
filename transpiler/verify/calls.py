"""Calls of leaves in a form that compares, whichever way their arguments are given."""

from __future__ import annotations

import enum
import functools
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from transpiler.flow.arguments import placed_names
from transpiler.verify.leaves import Leaf
from transpiler.verify.run import Run, plain

STATE = "<the state>"
"""What a run calls the state that it begins with."""

Given = tuple[tuple[str, Any], ...]
"""The arguments of a call by their parameters, in a form that compares."""

_LITERAL = (type(None), bool, int, float, str, bytes)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What the arguments of a function are for, by the names that the author gave.

    `placed` are the parameters of positional arguments, in this world; `order` is the
    order to tell all in. `defaults` are those of this world, `usual` the author's, as
    far as they are written as values.
    """

    placed: tuple[str, ...]
    order: tuple[str, ...]
    renamed: Mapping[str, str]
    defaults: Mapping[str, Any]
    usual: Mapping[str, Any]

    def given(
        self, run: Run, args: tuple[Any, ...], keywords: Mapping[str, Any]
    ) -> Given:
        """Return a call's arguments; last ones that are as by default are left out."""
        placed = self.placed
        plainly = placed == self.order and len(args) <= len(placed)
        if plainly and not (keywords or self.usual or self.defaults):
            # As nearly always; what follows takes longer.
            return tuple(zip(placed, map(run.normal, args), strict=False))
        bound = {name: run.normal(x) for name, x in zip(placed, args, strict=False)}
        if len(args) > len(placed):
            bound["*"] = tuple(map(run.normal, args[len(placed) :]))
        bound |= {self.renamed.get(n, n): run.normal(x) for n, x in keywords.items()}
        bound = {**self.defaults, **bound}
        rest = sorted(bound.keys() - set(self.order))
        told = [(n, bound[n]) for n in (*self.order, *rest) if n in bound]
        while told and told[-1][0] in self.usual and _is(told[-1], self.usual):
            told.pop()
        return tuple(told)

    def unedited(self) -> Parameters:
        """Return these with the defaults that the author wrote."""
        return replace(self, defaults=self.usual)


def _is(told: tuple[str, Any], usual: Mapping[str, Any]) -> bool:
    name, value = told
    return type(value) is type(usual[name]) and bool(value == usual[name])


def parameters_of(fn: Any, leaf: Leaf) -> Parameters:
    """Return what the arguments of a leaf's function are for in one of the worlds."""
    here, there = placed_names(fn), leaf.parameters
    # Edited, a parameter may bear another name; by its place it is known.
    pairs = zip(here, there, strict=False)
    renamed = {h: t for h, t in pairs if h not in there and t not in here}
    defaults = {renamed.get(n, n): x for n, x in _defaults(fn).items()}
    placed = tuple(renamed.get(name, name) for name in here)
    return Parameters(placed, there, renamed, defaults, _defaults(leaf.fn))


def _defaults(fn: Any) -> dict[str, Any]:
    parameters = inspect.signature(fn).parameters.values()
    return {p.name: plain(p.default, str) for p in parameters if _written(p.default)}


def _written(default: Any) -> bool:
    return type(default) in _LITERAL or isinstance(default, enum.Enum)


@functools.lru_cache(100_000)
def call_words(name: str, given: Given) -> str:
    """Return a call as a person would write it; the state is left out."""
    shown = (words(value) for _, value in given)
    return f"{name}({', '.join(text for text in shown if text != STATE)})"


def words(value: Any) -> str:
    """Return a value in its form that compares, as short as a person would say it."""
    match value:
        case str() if value == STATE or (value[:1], value[-1:]) == ("<", ">"):
            return value
        case ("bool" | "float" | "complex", str(text)):
            return text
        case ("list", tuple(parts)):
            return f"[{', '.join(map(words, parts))}]"
        case ("tuple", tuple(parts)):
            return f"({', '.join(map(words, parts))})"
        case (str(kind), tuple(parts)):
            shown = (
                f"{part[0]}={words(part[1])}" if _is_pair(part) else words(part)
                for part in parts
            )
            return f"{kind}({', '.join(shown)})"
        case (str(kind), text):
            return f"{kind} {text}"
        case _:
            return repr(value)


def _is_pair(part: Any) -> bool:
    return isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], str)
