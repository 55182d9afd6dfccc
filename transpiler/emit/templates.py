"""The Jinja environment, and where its templates lie."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from transpiler.resources import templates_folder

NEWLINE: ContextVar[str] = ContextVar("NEWLINE", default="\ue0ff")
"""Stands for a newline inside a string while blocks are indented; see `protected`."""


@cache
def environment(block: Callable[..., str]) -> Environment:
    """Return the environment; `block` renders a body and indents it."""
    made = Environment(
        loader=FileSystemLoader(templates_folder()),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["block"] = block
    made.filters["docstring"] = docstring
    return made


def template_name(kind: type[object]) -> str:
    """Return the template of a kind of statement: `Attempts` -> attempts.py.jinja."""
    words = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__)
    return f"{words.lower()}.py.jinja"


def indented(text: str, levels: int) -> str:
    """Indent every line that has text; newlines inside strings are no lines."""
    return re.sub(r"^(?=.)", "    " * levels, text, flags=re.MULTILINE)


def docstring(text: str, levels: int = 0) -> str:
    """Write a text as a docstring; its further lines stand as deep as its first.

    >>> docstring("Say hello.")
    '\"\"\"Say hello.\"\"\"'
    """
    escaped = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    escaped = "".join(
        c if c.isprintable() or c == "\n" else _escape(c) for c in escaped
    )
    if "\n" in escaped:
        return indented(f'"""{escaped}\n"""', levels).lstrip(" ")
    # A quote at the end would be read as part of the closing ones.
    return f'"""{escaped} """' if escaped.endswith('"') else f'"""{escaped}"""'


def _escape(character: str) -> str:
    escaped = character.encode("unicode_escape").decode()
    # A surrogate can't be printed: its escape is shown.
    return f"\\{escaped}" if "\ud800" <= character <= "\udfff" else escaped
