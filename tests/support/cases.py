"""The golden cases: folders with a workflow and the script that it should become.

The workflow is the case's `workflow.py`, with other modules beside it or none, or that
of a package in the case's folder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import black
import pytest

from transpiler import transpile_file
from transpiler.emit.script import MODE

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden"


@dataclass(frozen=True)
class Case:
    """A workflow, and where its expected script lies."""

    name: str
    workflow: Path
    expected: Path

    def __str__(self) -> str:
        return self.name

    @property
    def sources(self) -> tuple[Path, ...]:
        """What the author wrote: the workflow, and the modules that it may import."""
        others = sorted(self.workflow.parent.rglob("*.py"))
        return (
            self.workflow,
            *(p for p in others if p not in (self.workflow, self.expected)),
        )

    @property
    def package(self) -> Path | None:
        """The folder of the package that the workflow belongs to, if to any."""
        folder = self.workflow.parent
        return folder if (folder / "__init__.py").is_file() else None


def golden_cases() -> list[Case]:
    """Return all golden cases in the order of their names."""
    found = []
    for folder in sorted(path.parent for path in GOLDEN.glob("*/notes.md")):
        alone = folder / "workflow.py"
        (workflow,) = [alone] if alone.exists() else folder.glob("*/workflow.py")
        found.append(Case(folder.name, workflow, folder / "expected.py"))
    return found


def example_cases() -> list[Case]:
    """Return the examples with a script in generated/."""
    found = []
    for script in sorted((ROOT / "generated").glob("*.py")):
        for workflow in sorted((ROOT / "examples").glob("*/workflow.py")):
            if f"def {script.stem}(" in workflow.read_text(encoding="utf-8"):
                found.append(Case(script.stem, workflow, script))
    return found


_formatted: dict[str, str] = {}
_black = black.format_str


@contextmanager
def remembering_black() -> Iterator[None]:
    """Format no text twice: nearly all of a build's time goes into that."""

    def format_str(text: str, *, mode: black.Mode) -> str:
        if text not in _formatted:
            _formatted[text] = _black(text, mode=mode)
        return _formatted[text]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(black, "format_str", format_str)
        yield


def build(case: Case) -> str:
    """Return the script that a case's workflow becomes now."""
    with remembering_black():
        return transpile_file(case.workflow)


def formatted(text: str) -> str:
    """Return a script as black lays it out."""
    with remembering_black():
        return black.format_str(text, mode=MODE)


def save_formatted(path: Path) -> None:
    """Save what black has made of all texts so far, for other processes."""
    path.write_text(json.dumps(_formatted), encoding="utf-8")
