"""Where things stand in the author's files: spans, and the lines to show."""

from __future__ import annotations

import linecache
import os
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a source file.

    Lines count from 1, columns from 0 and in characters, as an editor's cursor moves;
    `end_column` is exclusive. A span whose `end_line` is 0 is a whole line or, with
    `line` 0 too, a whole file. `origin` tells two calls at one place apart by what led
    there: a helper's steps that were built for two calls of it are not of one origin.
    """

    path: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    origin: int = field(default=0, compare=False, repr=False)

    def __str__(self) -> str:
        shown = display_path(self.path)
        return f"{shown}:{self.line}" if self.line else shown


NOWHERE = Span("<unknown>")
"""The span of what was made where no source can be shown, such as in a REPL."""


def source_line(path: str, line: int) -> str:
    """Return one line of a file without its newline, or "" where it can't be read."""
    return linecache.getline(path, line).rstrip("\n")


def character_column(path: str, line: int, byte_column: int) -> int:
    """Turn the interpreter's UTF-8 byte column into a character column."""
    text = source_line(path, line)
    if text.isascii():
        return byte_column
    return len(text.encode()[:byte_column].decode(errors="replace"))


def display_path(path: str) -> str:
    """Return `path` relative to the working directory where it lies below it.

    A link is shown by its own name, not by that of the file that it leads to.
    """
    folder, name = os.path.split(os.path.abspath(path))
    # Unlike Path.resolve, this bears links that lead to each other.
    real = Path(os.path.realpath(folder), name)
    try:
        return real.relative_to(Path.cwd()).as_posix()
    except (ValueError, OSError):
        return path
