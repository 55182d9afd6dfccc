"""Passes: pure functions from workflow to workflow, run in this order."""

from __future__ import annotations

from collections.abc import Callable

from transpiler.ir.nodes import Workflow
from transpiler.passes.drop_empty import drop_empty
from transpiler.passes.fold_runs import fold_runs
from transpiler.passes.hoist_calls import hoist_calls
from transpiler.passes.share_constructors import share_constructors

PASSES: tuple[Callable[[Workflow], Workflow], ...] = (
    share_constructors,
    drop_empty,
    hoist_calls,
    fold_runs,
)
