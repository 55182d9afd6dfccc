"""Where the files lie that the package needs beside its modules."""

from __future__ import annotations

from pathlib import Path


def templates_folder() -> Path:
    """Return the folder of the templates: inside a wheel, else beside the package."""
    package = Path(__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"
