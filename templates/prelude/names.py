"""The support definition of `flow.names`."""

from __future__ import annotations

from .names_around import names_around


def names() -> tuple[str, ...]:
    """Return the names of the parts around the running step, the outermost first."""
    return names_around.get()
