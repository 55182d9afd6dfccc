"""Characters that a reader can't see, or that show a line otherwise than it runs.

In a string they are written as escapes, in a comment as the text of one, so that a
review sees them. Where that is not possible, those that turn text around are refused.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from transpiler.diagnostics import refuse
from transpiler.source import NOWHERE, Span

TURNING = "\u202a-\u202e\u2066-\u2069"
"""What has a line shown in another order than that in which it is read."""

_TURNING = re.compile(f"[{TURNING}]")
_HIDDEN = re.compile(f"[{TURNING}\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\u2028\u2029]")
"""Those, control characters, and what some editors take for the end of a line."""


def visible(text: str, source: str, span: Span = NOWHERE) -> str:
    """Return a script in which no character is hidden, and all strings are the same.

    Raises TranspileError where text is turned around in a place that can't be changed:
    in a raw string, or within the braces of an f-string. `source` is the workflow,
    `span` where it is.
    """
    if not _HIDDEN.search(text):
        return text
    places = list(_places(text))
    changed = text
    for place in reversed(places):
        changed = _written_out(changed, place)
    if not _same(text, changed):
        # Some string can't have escapes: one place at a time.
        changed = text
        for place in reversed(places):
            candidate = _written_out(changed, place)
            changed = candidate if _same(text, candidate) else changed
    found = _TURNING.search(changed)
    if found:
        line = changed[: found.start()].count("\n")
        shown = _TURNING.sub(_escape, changed.split("\n")[line].strip())
        raise refuse(
            "FLOW318",
            f"the script of {source} would have U+{ord(found[0]):04X}, which turns "
            f"text around, in a string where it can't be written as an escape: {shown}",
            span=span,
            hint=f"write it as {_escape(found)}, in a string that is not raw, and not "
            "within the braces of an f-string",
        )
    return changed


def unused_mark(script: object) -> str:
    """Return a character that no text of a script has, for the time of its layout."""
    used = {c for text in _texts(script) if not text.isascii() for c in text}
    return next(c for c in map(chr, range(0xE0FF, 0xF8FF)) if c not in used)


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        yield from part.values()
    elif isinstance(part, (tuple, list)):
        for each in part:
            yield from _texts(each)
    elif is_dataclass(part):
        for field in fields(part):
            yield from _texts(getattr(part, field.name))


_Place = tuple[tuple[int, int], tuple[int, int]]


def _places(text: str) -> Iterator[_Place]:
    """Yield where comments and the texts of strings begin and end."""
    depth = 0
    start, middle, end = (
        getattr(tokenize, f"FSTRING_{part}", -1) for part in ("START", "MIDDLE", "END")
    )
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        depth += (token.type == start) - (token.type == end)
        plain = token.type == tokenize.STRING and not depth
        # Before Python 3.12, what stands in braces can have no backslash.
        if (
            plain
            or token.type == tokenize.COMMENT
            or (token.type == middle and depth < 2)
        ):
            yield token.start, token.end


def _written_out(text: str, place: _Place) -> str:
    """Write the hidden characters of a place as escapes."""
    (first, column), (last, end) = place
    lines = text.split("\n")
    for number in range(first - 1, last):
        line = lines[number]
        low = column if number == first - 1 else 0
        high = end if number == last - 1 else len(line)
        written = _HIDDEN.sub(_escape, line[low:high])
        lines[number] = line[:low] + written + line[high:]
    return "\n".join(lines)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _same(text: str, other: str) -> bool:
    try:
        return ast.dump(ast.parse(text)) == ast.dump(ast.parse(other))
    except SyntaxError:
        return False
