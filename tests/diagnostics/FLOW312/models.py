"""Models."""

from dataclasses import dataclass, fields


@dataclass
class A:
    """A model."""

    x: int = 1


def kinds() -> list[object]:
    """List the types."""
    return [field.type for field in fields(A)]
