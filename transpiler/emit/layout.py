"""Lay out what is longer than a line, as black does it in the common cases.

Black goes over a text a second time when the first has changed anything. What stands
here spares it that: a call, a display or the head of a function that does not fit has
its parts on lines of their own. Whatever is not so simple stays as it is: black, which
has the last word, lays it out.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

COLUMNS = 88

_OPENING, _CLOSING = set("([{"), set(")]}")
_BRACKETS = _OPENING | _CLOSING

_BEFORE = re.compile(
    r"(?:def |return |raise |with |if |while |for [\w, ]+ in |[\w., ]+ = |\w+=)?"
    r"\*{0,2}(?P<called>[\w.]*)"
)
"""What may stand before the bracket that is split."""

_DEFINITION = re.compile(r"(?:async )?(?:def|class) |@")


def laid_out(text: str, columns: int = COLUMNS) -> str:
    """Return statements; those that are longer than a line are split, where simple.

    >>> print(laid_out("x = call(first, second)", 20))
    x = call(
        first, second
    )
    >>> print(laid_out("x = call(first, second)", 16))
    x = call(
        first,
        second,
    )
    """
    return "\n".join(
        line if len(line) <= columns else _split_line(line, columns)
        for line in text.split("\n")
    )


def spaced(parts: Iterable[str]) -> str:
    """Return the parts of a module with the blank lines that stand between them.

    >>> spaced(["A = 1", "B = 2", "def f():\\n    pass"])
    'A = 1\\n\\nB = 2\\n\\n\\ndef f():\\n    pass'
    """
    text, defined = "", False
    for part in parts:
        defines = _defines(part)
        if text:
            text += "\n\n\n" if defined or defines else "\n\n"
        text, defined = text + part, defines
    return text


def _defines(part: str) -> bool:
    lines = (line for line in part.split("\n") if line and not line.startswith("#"))
    return _DEFINITION.match(next(lines, "")) is not None


@dataclass(frozen=True, slots=True)
class _Parts:
    """A line around one pair of brackets, and where what is between them divides."""

    before: str
    bracket: str
    inside: str
    behind: str
    divided: tuple[str, ...]
    commas: bool


def _split_line(line: str, columns: int) -> str:
    text = line.lstrip()
    if text.startswith("#") or not line.isascii():
        return line
    split = _split(text, len(line) - len(text), columns)
    return line if split is None else "\n".join(split)


def _split(text: str, indent: int, columns: int) -> list[str] | None:
    """Return the lines of a text at a column; None where it is not simple."""
    if indent + len(text) <= columns:
        return [" " * indent + text]
    parts = _parts(text)
    if parts is None or indent + len(parts.before) + 1 > columns:
        return None
    head = f"{' ' * indent}{parts.before}{parts.bracket}"
    tail = " " * indent + text[len(text) - len(parts.behind) - 1 :]
    if len(tail) > columns:
        return None
    deeper = " " * (indent + 4)
    called = _BEFORE.fullmatch(parts.before)
    is_display = called is not None and not called["called"]
    fits = len(deeper) + len(parts.inside) <= columns
    if fits and not (is_display and parts.commas):
        return [head, deeper + parts.inside, tail]
    if len(parts.divided) == 1:
        return None
    lines: list[str] = []
    for each in parts.divided:
        # A generator in a call of its own has no comma behind it.
        split = _split(each + "," * parts.commas, indent + 4, columns)
        if split is None:
            return None
        lines += split
    return [head, *lines, tail]


def _parts(text: str) -> _Parts | None:
    """Take a line apart at its outermost brackets: the first and only pair."""
    brackets = [found for found in _outermost(text) if found[1] in _BRACKETS]
    if len(brackets) < 2:
        return None
    (start, bracket), (end, _) = brackets[:2]
    if _BEFORE.fullmatch(text[:start]) is None:
        return None
    behind = text[end + 1 :]
    # What stands behind a function's parameters may have brackets.
    if not re.fullmatch(r",|:|( -> .*:)?", behind):
        return None
    inside = text[start + 1 : end].strip()
    if inside.endswith(","):
        inside = inside[:-1]
    found = list(_outermost(inside))
    words = {what for _, what in found}
    is_generator = "for" in words
    if is_generator and words & {"else", "async"}:
        return None
    if is_generator:
        cuts = [(at, at) for at, what in found if what in ("for", "if")]
    else:
        cuts = [(at, at + 1) for at, what in found if what == ","]
    return _Parts(
        before=text[:start],
        bracket=bracket,
        inside=inside,
        behind=behind,
        divided=tuple(_pieces(inside, cuts)),
        commas=bool(cuts) and not is_generator,
    )


def _pieces(text: str, cuts: list[tuple[int, int]]) -> Iterator[str]:
    start = 0
    for end, following in [*cuts, (len(text), len(text))]:
        yield text[start:end].strip()
        start = following


def _outermost(text: str) -> Iterator[tuple[int, str]]:
    """Yield the tokens outside of all brackets, and these, with their places."""
    depth = 0
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, IndentationError):
        return
    for token in tokens:
        depth -= token.string in _CLOSING if token.type == tokenize.OP else 0
        if depth == 0 and token.start[0] == 1:
            yield token.start[1], token.string
        depth += token.string in _OPENING if token.type == tokenize.OP else 0
