"""How findings are told: as text, as JSON, or as annotations of a GitHub run."""

from __future__ import annotations

import json
import os
import re
import sys
import time
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from transpiler.diagnostics import Diagnostic, TranspileError, render
from transpiler.source import NOWHERE, Span, display_path

FORMATS = ("text", "json", "github")
PAGES = "https://github.com/flowc/flowc/tree/main/docs/diagnostics"
_OURS = str(Path(__file__).resolve().parent) + os.sep


@dataclass
class Reporter:
    """Says what a command found.

    Findings go to standard error, results such as a diff to standard output.
    As JSON there is one document on standard output, written by `finish`.
    """

    verbose: bool = False
    output_format: str = "text"
    document: dict[str, Any] = field(default_factory=dict)

    def say(self, line: str) -> None:
        """Tell a person how it went."""
        if self.output_format != "json":
            click.echo(_coloured(line), err=True, color=colour())

    def result(self, text: str) -> None:
        """Write what was asked for, such as a diff."""
        if self.output_format != "json":
            click.echo(text, nl=False, color=colour())

    def errors(self, errors: Iterable[TranspileError]) -> None:
        """Report all diagnostics of some errors, sorted; with -v, what caused them."""
        errors = list(errors)
        self.findings(d for e in errors for d in e.diagnostics)
        causes = [error.__cause__ for error in errors if error.__cause__ is not None]
        for cause in causes if self.verbose else ():
            self.say(author_traceback(cause))

    def findings(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Report diagnostics of any severity, sorted."""
        for diagnostic in sorted(set(diagnostics)):
            if self.output_format == "github":
                click.echo(_annotation(diagnostic))
            self.say(render(diagnostic) + "\n")
            self.document.setdefault("diagnostics", []).append(as_json(diagnostic))

    def annotate(self, path: Path, title: str, message: str) -> None:
        """Mark an output in a GitHub workflow run."""
        if self.output_format == "github":
            shown = display_path(str(path))
            click.echo(_command({"file": shown, "title": title}, message))

    def outputs(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Keep the rows of the JSON document's `outputs`."""
        self.document.setdefault("outputs", []).extend(rows)

    def finish(self) -> None:
        """Write the JSON document, if that is the format."""
        if self.output_format == "json":
            document = {"diagnostics": [], "outputs": [], **self.document}
            click.echo(json.dumps({"version": 1, **document}, indent=2))


@dataclass
class Progress:
    """Tells on a terminal how far a build is, once it has taken a second."""

    reporter: Reporter
    begun: float = field(default_factory=time.monotonic)
    shown: bool = False

    def __call__(self, done: int, total: int, what: object) -> None:
        """Show that all but the rest of `total` is done, and what comes now."""
        is_terminal = sys.stderr.isatty() and self.reporter.output_format == "text"
        if is_terminal and time.monotonic() - self.begun > 1:
            click.echo(f"\r\x1b[K{done}/{total} {what}", nl=False, err=True)
            self.shown = True

    def clear(self) -> None:
        """Take the line away again."""
        if self.shown:
            click.echo("\r\x1b[K", nl=False, err=True, color=True)


def colour() -> bool | None:
    """Return what to tell click: no colours, or its own judgement of the terminal."""
    return False if os.environ.get("NO_COLOR") else None


def coloured_diff(text: str) -> str:
    """Colour the lines of a unified diff."""
    colours = {"+": "green", "-": "red", "@": "cyan"}
    lines = []
    for line in text.splitlines(keepends=True):
        if line.startswith(("+++", "---")):
            lines.append(click.style(line, bold=True))
        else:
            lines.append(click.style(line, fg=colours.get(line[0])))
    return "".join(lines)


def _coloured(text: str) -> str:
    colours = {"error": "red", "warning": "yellow", "hint": "cyan"}
    first = re.search(r"\b(error|warning|hint)(\[FLOW\d+\])?(?=:)", text)
    colour = colours[first[1]] if first else "red"

    def mark(found: re.Match[str]) -> str:
        return click.style(found[0], fg=colour, bold=True)

    text = re.sub(r"\b(error|warning|hint)(\[FLOW\d+\])?(?=:)", mark, text, count=1)
    return re.sub(r"(?m)(?<=\| )\s*\^+$", mark, text)


def as_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return a diagnostic as JSON has it."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        **_place(diagnostic.span),
        "notes": [
            {"message": note.message, **_place(note.span)} for note in diagnostic.notes
        ],
        "page": f"{PAGES}/{diagnostic.code}.md",
    }


def _place(span: Span) -> dict[str, Any]:
    # Columns count from 1 here, as lines do and as editors show them.
    known = span != NOWHERE
    return {
        "path": display_path(span.path) if known else None,
        "line": span.line or None,
        "column": span.column + 1 if span.end_line else None,
        "end_line": span.end_line or None,
        "end_column": span.end_column + 1 if span.end_line else None,
    }


def _annotation(diagnostic: Diagnostic) -> str:
    place = _place(diagnostic.span)
    fields = {
        "file": place["path"],
        "line": place["line"],
        "endLine": place["end_line"],
        "title": diagnostic.code,
    }
    if place["line"] == place["end_line"]:  # GitHub ignores columns over several lines.
        fields |= {"col": place["column"], "endColumn": place["end_column"]}
    hint = f"\nhint: {diagnostic.hint}" if diagnostic.hint else ""
    level = "notice" if diagnostic.severity == "hint" else diagnostic.severity
    return _command(fields, diagnostic.message + hint, level)


def _command(fields: Mapping[str, Any], message: str, level: str = "error") -> str:
    def escape(value: Any) -> str:
        text = str(value).replace("%", "%25").replace("\r", "%0D")
        return text.replace("\n", "%0A")

    parts = [
        f"{name}={escape(value).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in fields.items()
        if value is not None
    ]
    return f"::{level} {','.join(parts)}::{escape(message)}"


def author_traceback(error: BaseException) -> str:
    """Return the whole traceback of an error, without the frames that are ours."""
    shown = traceback.TracebackException.from_exception(error)
    _drop_our_frames(shown)
    return "".join(shown.format()).rstrip()


def _drop_our_frames(shown: traceback.TracebackException) -> None:
    frames = [
        frame
        for frame in shown.stack
        if not frame.filename.startswith((_OURS, "<frozen importlib"))
    ]
    shown.stack = traceback.StackSummary.from_list(frames)
    for other in (shown.__cause__, shown.__context__, *(shown.exceptions or ())):
        if other is not None:
            _drop_our_frames(other)


def describe_failure(error: BaseException) -> str:
    """Return an error with its notes, and those that it groups, one below the other."""
    text = "".join(traceback.format_exception_only(error)).rstrip()
    text = text.replace("\n", "\n  ")
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            described = describe_failure(inner).replace("\n", "\n    ")
            text += f"\n  - {described}"
    return text
