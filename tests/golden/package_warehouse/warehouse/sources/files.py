"""Rows of files."""

from __future__ import annotations

import csv
import io

from ..schema import Row
from . import base

NAME = "files"

TEXT = """\
id;name
1;{{ one }}
2;  two
"""


class Files(base.Source):
    """Rows of a file with semicolons."""

    pages = 1

    def page(self, number: int) -> list[Row]:
        """Return all of them."""
        return list(csv.DictReader(io.StringIO(TEXT), delimiter=";"))


def load(name: str = NAME) -> str:
    """Say what was read."""
    return f"{name} of {base.NAME}"
