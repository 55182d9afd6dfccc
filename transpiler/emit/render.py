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
    return template.render(**values).strip("\n")


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
    """Keep the newlines inside an expression's strings from being indented."""
    if "\n" not in text:
        return text
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    except (tokenize.TokenError, IndentationError):
        tokens = list(tokenize.generate_tokens(io.StringIO(f"({text}\n)").readline))
    kinds = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING)}
    for token in tokens:
        if token.type in kinds and "\n" in token.string:
            text = text.replace(token.string, token.string.replace("\n", NEWLINE))
    return text


def _chain(part: If) -> If | None:
    """Return the condition that stands alone in the other branch: an `elif`."""
    match part.otherwise:
        case (only,) if len(only.statements) == 1 and not only.comments:
            inner = only.statements[0]
            return inner if isinstance(inner, If) else None
        case _:
            return None
