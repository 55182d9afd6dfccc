"""Helpers."""

level = 1


def done() -> None:
    """Do it."""


def raise_level() -> None:
    """Raise the level."""
    global level
    level += 1
