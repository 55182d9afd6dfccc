"""flowc: workflows composed from typed combinators, written out as standalone Python."""

from transpiler import flow

__all__ = ["flow"]
