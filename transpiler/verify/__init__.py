"""Whether a script does what its workflow says: both run side by side, on stubs.

See docs/verify.md for what is compared, and how far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from transpiler.pipeline import Translation
from transpiler.verify.search import (
    Difference,
    Result,
    decoded,
    encoded,
    explore,
    replayed,
)
from transpiler.verify.story import summary, told
from transpiler.verify.worlds import Limits, Unusable, Worlds, executed

__all__ = [
    "Difference",
    "Limits",
    "Result",
    "Unusable",
    "encoded",
    "opened",
    "replay",
    "summary",
    "told",
    "verify",
]


@contextmanager
def opened(made: Translation, text: str, limits: Limits, path: str) -> Iterator[Worlds]:
    """Execute a script beside its workflow; inside, both can be run."""
    with (
        executed(text, path, made.text) as script,
        Worlds(made, script, limits).staged() as both,
    ):
        yield both


def verify(
    made: Translation,
    text: str,
    limits: Limits,
    path: str = "<script>",
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Result:
    """Compare a workflow with a script on every path that the limits allow.

    Parameters:
        made: the workflow; its author's modules are loaded.
        text: the script, which may be another one than was made of the workflow.
        limits: how far to look.
        path: what the script is called in tracebacks.
        progress: is told how many paths were compared, of how many at the most.

    Raises:
        Unusable: the script can't be executed as a module.
    """
    with opened(made, text, limits, path) as worlds:
        return explore(worlds, progress)


def replay(
    made: Translation, text: str, limits: Limits, path: str, encoded_path: str
) -> Result:
    """Compare on the single path that `encoded` wrote; see `verify`.

    Raises ValueError if it is none of this workflow.
    """
    with opened(made, text, limits, path) as worlds:
        return replayed(worlds, decoded(worlds, encoded_path))
