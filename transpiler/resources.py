"""Where the files lie that the package needs beside its modules."""

from __future__ import annotations

from pathlib import Path


def templates_folder() -> Path:
    """Return the folder of the templates: inside a wheel, else beside the package."""
    return _folder("templates", "templates")


def pages_folder() -> Path:
    """Return the folder with a page for each diagnostic."""
    return _folder("diagnostics_pages", "docs/diagnostics")


def _folder(shipped: str, beside: str) -> Path:
    package = Path(__file__).parent
    inside = package / shipped
    return inside if inside.is_dir() else package.parent / beside
