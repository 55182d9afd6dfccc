"""flowc: workflows composed from typed combinators, written out as standalone Python.

`from transpiler import flow` is what authors import; `transpile` and `transpile_file`
are the build as functions. What they need is imported when they are first asked for:
`flowc --help` and the author's module should not have to wait for black.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transpiler import flow
    from transpiler.api import transpile, transpile_file
    from transpiler.diagnostics import TranspileError

__all__ = ["TranspileError", "flow", "transpile", "transpile_file"]


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "flow":
        return import_module("transpiler.flow")
    if name in ("transpile", "transpile_file"):
        return getattr(import_module("transpiler.api"), name)
    if name == "TranspileError":
        return import_module("transpiler.diagnostics").TranspileError
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
