"""What came of comparing a workflow with its script, as plain data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from transpiler.frontend.load import EntryPoint
from transpiler.pipeline import Translation
from transpiler.reporting import describe_failure
from transpiler.source import display_path
from transpiler.verify import (
    Limits,
    Unusable,
    encoded,
    replay,
    summary,
    told,
    verify,
)

MISSING = "there is no script yet; run flowc build"


@dataclass(frozen=True, slots=True)
class Verified:
    """What came of comparing a workflow with a script, as plain data.

    `words` sum it up; a difference has a `story`, and the `replay` that shows it again.
    """

    path: Path
    source: str
    name: str
    words: str
    equal: bool = False
    compared: int = 0
    story: tuple[str, ...] = ()
    replay: str | None = None

    @property
    def shown(self) -> str:
        """The script's path as a person would type it."""
        return display_path(str(self.path))

    @property
    def again(self) -> str:
        """The command that shows the difference again."""
        return f"flowc verify {self.source}:{self.name} --path {self.replay}"

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "path": self.shown,
            "source": self.source,
            "name": self.name,
            "equal": self.equal,
            "compared": self.compared,
            "words": self.words,
            "difference": "\n".join(self.story) or None,
            "replay": self.replay,
        }


def verify_text(
    entry: EntryPoint,
    path: Path,
    made: Translation | None,
    text: str | None,
    limits: Limits,
    replayed: str | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Verified:
    """Compare a workflow with a script, or say why that can't be done.

    Parameters:
        entry: the workflow's entry point.
        path: where the script is, or will be.
        made: the workflow's translation; it is not looked at where there is no script.
        text: the script, or None where there is none.
        limits: how far to look.
        replayed: the only path to look at, as a difference named it.
        progress: is told how many paths were compared, of how many at the most.

    Raises:
        ValueError: there is no such path to replay.
    """
    source = display_path(str(entry.path))
    result = Verified(path, source, entry.name, MISSING)
    if text is None or made is None:
        return result
    try:
        if replayed is None:
            found = verify(made, text, limits, str(path), progress)
        else:
            found = replay(made, text, limits, str(path), replayed)
    except Unusable as error:
        cause = describe_failure(error.__cause__ or error)
        return replace(result, words=f"the script can't be run: {cause}")
    result = replace(result, words=summary(found), compared=found.compared)
    if found.difference is None:
        return replace(result, equal=True)
    story, again = tuple(told(found.difference)), encoded(found.difference)
    return replace(result, story=story, replay=again)
