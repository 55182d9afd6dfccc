"""Every diagnostic of the frontend has a page, and every page of ours a diagnostic."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_codes_and_pages_agree() -> None:
    used: set[str] = set()
    for path in (ROOT / "transpiler").rglob("*.py"):
        used |= set(re.findall(r"\bFLOW3\d\d\b", path.read_text(encoding="utf-8")))
    pages = {path.stem for path in (ROOT / "docs/diagnostics").glob("FLOW3*.md")}
    assert used == pages
    for code in sorted(pages):
        page = (ROOT / f"docs/diagnostics/{code}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {code}: ")
        assert f"error[{code}]" in page
        assert "\n## How to mend it\n" in page
