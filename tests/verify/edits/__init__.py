"""Edits by hand of the scripts of fleet.py: some change what they mean, some do not.

They are written as patches without line numbers: an edit begins with the name of its
workflow and what it does; lines of it that begin with - become those that begin with +.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
FLEET = HERE / "fleet.py"


@dataclass(frozen=True)
class Edit:
    """Pieces of a workflow's script, and what each of them becomes."""

    workflow: str
    what: str
    pieces: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        return f"{self.workflow}: {self.what}"

    def made_in(self, script: str) -> str:
        """Return the script with this edit."""
        for right, wrong in self.pieces:
            assert script.count(right) == 1, f"{self}: not once in the script:\n{right}"
            script = script.replace(right, wrong)
        return script


def edits(name: str) -> list[Edit]:
    """Return the edits of a file."""
    found = []
    for part in re.split(r"\n\n(?=\w+: )", (HERE / name).read_text(encoding="utf-8")):
        head, _, hunks = part.rstrip("\n").partition("\n")
        workflow, _, what = head.partition(": ")
        pieces = map(_piece, hunks.split("\n@@\n"))
        found.append(Edit(workflow, what, tuple(pieces)))
    return found


def _piece(hunk: str) -> tuple[str, str]:
    lines = hunk.split("\n")
    right, wrong = (
        "".join(f"{line[1:]}\n" for line in lines if line[:1] in (" ", "", sign))
        for sign in "-+"
    )
    return f"\n{right}", f"\n{wrong}"
