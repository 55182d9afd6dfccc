"""Fast."""

import libcst


def dumps(x: object) -> str:
    """Dump."""
    return str(libcst)
