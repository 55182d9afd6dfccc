"""Render the statements of a script, each with the template of its name."""

from __future__ import annotations

import io
import tokenize
from dataclasses import fields

from transpiler.emit.templates import NEWLINE, environment, indented, template_name
from transpiler.script.model import (
    Body,
    Function,
    If,
    Line,
    Main,
    Script,
    Statement,
)


def render(part: Statement | Function | Main | Script) -> str:
    """Return the text of a statement, a function or a whole script."""
    if isinstance(part, Line):
        return protected(part.text)
    template = environment(block).get_template(template_name(type(part)))
    values = {field.name: getattr(part, field.name) for field in fields(part)}
    if isinstance(part, If):
        values["elif"] = _chain(part)
    text = template.render(**values).strip("\n")
    return text if isinstance(part, (Function, Main, Script)) else protected(text)


def block(body: Body, levels: int = 1) -> str:
    """Render a body, indented by so many levels: the filter of all templates."""
    lines: list[str] = []
    for index, part in enumerate(body):
        close = part.is_plain and body[index - 1].is_plain and not part.comments
        if index and not close:
            lines.append("")
        lines += part.comments
        lines += map(render, part.statements)
    return indented("\n".join(lines), levels)


def protected(text: str) -> str:
    """Keep the newlines inside the strings of a statement from being indented."""
    if "\n" not in text or not any(mark in text for mark in _SEVERAL_LINES):
        return text
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, IndentationError):
        tokens = list(tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline))
    inside: set[int] = set()
    begun: list[int] = []
    for token in tokens:
        # From Python 3.12 on, an f-string is many tokens; all between is inside of it.
        if token.type == _FSTRING_START:
            begun.append(token.start[0])
        elif token.type in (tokenize.STRING, _FSTRING_END):
            start = begun.pop() if token.type == _FSTRING_END else token.start[0]
            inside |= set(range(start, token.end[0]))
    lines = text.split("\n")
    ends = (NEWLINE.get() if n in inside else "\n" for n in range(1, len(lines)))
    return "".join(a + b for a, b in zip(lines, (*ends, ""), strict=True))


_SEVERAL_LINES = ('"""', "'''", "\\\n")
"""What a string has that goes on over the end of a line."""

_FSTRING_START = getattr(tokenize, "FSTRING_START", -1)
_FSTRING_END = getattr(tokenize, "FSTRING_END", -1)


def _chain(part: If) -> If | None:
    """Return the condition that stands alone in the other branch: an `elif`."""
    match part.otherwise:
        case (only,) if len(only.statements) == 1 and not only.comments:
            inner = only.statements[0]
            return inner if isinstance(inner, If) else None
        case _:
            return None
