"""What is wrong with the author's input: what was found, where, and how to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Literal

from transpiler.source import NOWHERE, Span, source_line

Severity = Literal["error", "warning", "hint"]
"""An error stops the build; a lint finds warnings and hints, too."""


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """A second place that a diagnostic speaks of."""

    span: Span
    message: str


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One finding.

    `code` is the stable name (`FLOW101`), `message` says what was found in the author's
    words, `hint` the edit that cures it, `notes` name other places that matter. A
    `secret` stands at the span, and is not shown.
    """

    span: Span
    code: str
    message: str
    hint: str = ""
    notes: tuple[Note, ...] = field(default=())
    severity: Severity = "error"
    secret: bool = False


class TranspileError(Exception):
    """The workflow can't be translated; `diagnostics` says why, sorted by place.

    `str()` of it is the full report, with source lines and carets.
    """

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = tuple(sorted(set(diagnostics)))
        super().__init__(self.diagnostics)

    def __str__(self) -> str:
        return "\n\n".join(render(diagnostic) for diagnostic in self.diagnostics)


def refuse(
    code: str,
    message: str,
    *,
    span: Span = NOWHERE,
    hint: str = "",
    notes: Iterable[Note] = (),
) -> TranspileError:
    """Return the error to raise for a single finding."""
    return TranspileError([Diagnostic(span, code, message, hint, tuple(notes))])


_STRING = re.compile(r"""(["'])(.*?)(\1|$)""")

_collected: ContextVar[list[Diagnostic] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting() -> Iterator[None]:
    """Collect what is reported inside, and raise all of it together at the end."""
    found: list[Diagnostic] = []
    cause: BaseException | None = None
    token = _collected.set(found)
    try:
        yield
    except TranspileError as error:
        found += error.diagnostics
        cause = error.__cause__
    except Exception:
        # A part that could not be made was stood in for; what failed may be its
        # stand-in's fault.
        if not found:
            raise
    finally:
        _collected.reset(token)
    if found:
        raise TranspileError(found) from cause


@contextmanager
def apart() -> Iterator[None]:
    """Raise what is reported inside, for an attempt that may fail."""
    token = _collected.set(None)
    try:
        yield
    finally:
        _collected.reset(token)


def placed(error: TranspileError, span: Span) -> TranspileError:
    """Return an error whose diagnostics without a place have this one."""
    return TranspileError(
        replace(d, span=span) if d.span == NOWHERE else d for d in error.diagnostics
    )


def reported() -> bool:
    """Return whether something was reported that is being collected.

    Then there are stand-ins about, and what fails may be their fault.
    """
    return bool(_collected.get())


def report(error: TranspileError) -> None:
    """Say what is wrong and go on if diagnostics are being collected, else raise."""
    found = _collected.get()
    if found is None:
        raise error
    found += error.diagnostics


def render(diagnostic: Diagnostic) -> str:
    """Draw a diagnostic as text: the finding, its source line with carets, the hint."""
    span = diagnostic.span
    where = f"{span}: " if span != NOWHERE else ""
    kind = f"{diagnostic.severity}[{diagnostic.code}]"
    parts = [f"{where}{kind}: {diagnostic.message}"]
    parts += excerpt(span, hidden=diagnostic.secret)
    for note in diagnostic.notes:
        parts += [f"{note.span}: note: {note.message}", *excerpt(note.span)]
    if diagnostic.hint:
        parts.append(f"  hint: {diagnostic.hint}")
    return "\n".join(parts)


def excerpt(span: Span, *, hidden: bool = False) -> list[str]:
    """Return the span's first source line and a line of carets below it.

    With `hidden`, asterisks stand for what the carets are under, and for all strings.
    """
    text = source_line(span.path, span.line) if span.line else ""
    if hidden:
        end = span.end_column if span.end_line == span.line else len(text)
        text = text[: span.column] + "*" * (end - span.column) + text[end:]
        text = _STRING.sub(lambda m: m[1] + "*" * len(m[2]) + m[3], text)
    if not text.strip():
        return []
    gutter = f"{span.line:>5} | "
    shown = [gutter + text.expandtabs(4)]
    if span.end_line:
        end = span.end_column if span.end_line == span.line else len(text)
        before = len(text[: span.column].expandtabs(4))
        width = max(1, len(text[:end].expandtabs(4)) - before)
        shown.append(" " * (len(gutter) - 2) + "| " + " " * before + "^" * width)
    return shown
