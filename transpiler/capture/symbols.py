"""The stand-in for a loop item while a body is captured.

It may be passed on, and used in expressions that `transpiler.capture.rewrite` has made
symbolic. Whatever else Python would have to know its value for is refused here, so
that nothing is silently different.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any, NoReturn

from transpiler.capture.files import positions, span_at
from transpiler.diagnostics import refuse
from transpiler.ir.expressions import Computed, Expression, Item, Let
from transpiler.source import NOWHERE, Span

PACKAGE = __name__.partition(".")[0]


class Symbol:
    """A value that is known only when the workflow runs."""

    __slots__ = ("expression",)

    def __init__(self, expression: Item | Let | Computed) -> None:
        self.expression = expression

    def __bool__(self) -> bool:
        self._branch("is branched on")

    def __eq__(self, other: object) -> bool:
        self._branch("is compared")

    def __hash__(self) -> int:
        self._escape("is used as a key or in a set")

    def __len__(self) -> int:
        self._branch("is asked for its length")

    def __iter__(self) -> Iterator[Any]:
        raise refuse(
            "FLOW202",
            f"{self} is iterated over, but it is known only when the workflow runs",
            span=author_span(),
            hint="make the inner steps with flow.for_each(lambda state: ..., body)",
        )

    def __format__(self, spec: str) -> str:
        self._escape("is formatted")

    def __str__(self) -> str:
        return f"the loop item {describe(self.expression)!r}"

    def __getattr__(self, name: str) -> Any:
        # Protocol look-ups such as __fspath__ or __array__ are answered with "no".
        if name.startswith("__"):
            raise AttributeError(name)
        self._escape(f"is asked for its attribute {name!r}")

    def __getitem__(self, key: object) -> Any:
        self._escape("is subscripted")

    def __call__(self, *args: object, **keywords: object) -> Any:
        self._escape("is called")

    def _branch(self, what: str) -> NoReturn:
        raise refuse(
            "FLOW201",
            f"{self} {what}, but its value is known only when the workflow runs",
            span=author_span(),
            hint="branch with flow.when(lambda state: ..., step), whose predicate may "
            "use the item",
        )

    def _escape(self, what: str) -> NoReturn:
        raise refuse(
            "FLOW203",
            f"{self} {what} in code that can't be captured",
            span=author_span(),
            hint="write the expression where the step takes it, or do this in the step",
        )


def describe(expression: Expression) -> str:
    """Return an expression as a reader would know it, for messages."""
    match expression:
        case Item() | Let():
            return expression.name
        case Computed(source):
            return source.text
        case _:
            return repr(expression.value)


def author_span() -> Span:
    """Return where the author's code stands now: the innermost frame not of ours."""
    frame = sys._getframe(1)
    while frame.f_back and is_ours(frame.f_globals):
        frame = frame.f_back
    position = positions(frame.f_code)[frame.f_lasti // 2]
    return span_at(frame.f_code.co_filename, position) if position else NOWHERE


def is_ours(namespace: dict[str, Any]) -> bool:
    """Return whether a frame's globals are those of a module of this package."""
    name = namespace.get("__name__", "")
    return bool(name == PACKAGE or name.startswith(f"{PACKAGE}."))
