"""Expressions that are kept as they were written, as they are for when a run comes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FunctionType
from typing import Any

from transpiler.capture.files import Position, source_file, span_at
from transpiler.capture.sites import expression_of, snapshot
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import refuse
from transpiler.ir.expressions import Computed, Source

# Marks of an expression: in a try with an except; unused.
TRIED = "__flowc_tried__"
DROPPED = "__flowc_dropped__"


def keep_symbol(
    here: FunctionType, position: Position, names: dict[str, Any]
) -> Symbol:
    """Return what stands for an expression, the text at a position; see `keeping`.

    `names` binds the local names that it reads, and marks that say where it stands.
    """
    path = here.__code__.co_filename
    file = source_file(path)
    assert file is not None
    text, span = file.slice(position), span_at(path, position)
    if TRIED in names:
        raise refuse(
            "FLOW203",
            f"{text} stands in a try, whose except would never see it fail: it is "
            "evaluated when the workflow runs",
            span=span,
            hint="do this in the step, or in a function that it calls",
        )
    if DROPPED in names:
        raise refuse(
            "FLOW203",
            f"{text} is evaluated for nothing: it reads what is known only when the "
            "workflow runs, and no step takes its value",
            span=span,
            hint="do this in a step",
        )
    bound = {name: expression_of(snapshot(value)) for name, value in names.items()}
    kept = Computed(Source(text, here.__globals__, bound, span))
    keep(kept)
    return Symbol(kept)


_kept: ContextVar[list[Computed] | None] = ContextVar("_kept", default=None)


def keep(*expressions: Computed) -> None:
    """Take note of expressions that are kept as they were written."""
    kept = _kept.get()
    if kept is not None:
        kept += expressions


@contextmanager
def keeping() -> Iterator[list[Computed]]:
    """Yield a list of the expressions that are kept inside, in order of evaluation."""
    kept: list[Computed] = []
    before = _kept.set(kept)
    try:
        yield kept
    finally:
        _kept.reset(before)
