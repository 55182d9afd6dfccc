"""The support definition of `flow.named`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def named(name: str) -> Iterator[None]:
    """Note on an error where it happened."""
    try:
        yield
    except Exception as error:
        error.add_note(f"in {name}")
        raise
