"""Helpers only."""


def shorten(name: str) -> str:
    """Make it short."""
    return name[:8]
