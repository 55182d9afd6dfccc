"""The support definition of `flow.named` where something asks for the names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .names_around import names_around


@contextmanager
def named(name: str) -> Iterator[None]:
    """Put a name around what runs inside, and note it on an error."""
    before = names_around.set((*names_around.get(), name))
    try:
        yield
    except Exception as error:
        error.add_note(f"in {name}")
        raise
    finally:
        names_around.reset(before)
