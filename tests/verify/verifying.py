"""Verify a golden case with a script of one's own."""

from __future__ import annotations

from pathlib import Path

from support.cases import remembering_black
from transpiler.frontend.load import loaded
from transpiler.pipeline import translated
from transpiler.verify import Limits, Result, verify


def verified(
    workflow: Path, script: str | None = None, name: str | None = None, **limits: int
) -> Result:
    """Compare a workflow with a script, or with the one that it becomes."""
    with loaded(workflow) as module, remembering_black():
        made = translated(module.entry_point(name))
        text = made.text if script is None else script
        return verify(made, text, Limits(**limits))
