"""The errors that belong to the language; scripts have them from templates/prelude."""

from __future__ import annotations


class Exhausted(Exception):
    """Raised by an extract that has nothing more to give to `collect`."""


class RecoveredPanic(Exception):
    """A step called `sys.exit` inside `recover_panics`."""


ERRORS = (Exhausted, RecoveredPanic)

FLOW = "transpiler.flow"
"""Where authors find them."""
