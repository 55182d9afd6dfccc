"""Comments that silence findings, and FLOW500: one that silences nothing."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from transpiler.diagnostics import Diagnostic
from transpiler.source import Span

_COMMENT = re.compile(r"#\s*flowc:\s*ignore\b(?:\s*\[([^\]]*)\])?")
_CODE = re.compile(r"FLOW5\d\d")


@dataclass(frozen=True, slots=True)
class Silence:
    """A code that is silenced on a line; `span` is where the comment says so."""

    line: int
    code: str
    span: Span


@dataclass
class Silences:
    """The comments of the files that were looked at, and which of them are in use."""

    by_file: dict[str, tuple[list[Silence], list[Diagnostic]]] = field(
        default_factory=dict
    )
    used: set[Span] = field(default_factory=set)

    def read(self, path: str, text: str) -> None:
        """Read the comments of a file, once."""
        if path not in self.by_file:
            self.by_file[path] = _silences(path, text)

    def heard(self, findings: Iterable[Diagnostic]) -> list[Diagnostic]:
        """Return the findings that no comment silences, and mark those that do."""
        return [found for found in findings if not self._silenced(found)]

    def _silenced(self, found: Diagnostic) -> bool:
        span, silenced = found.span, False
        silences, _ = self.by_file.get(span.path, ([], []))
        for silence in silences:
            lines = {span.line, span.end_line or span.line}
            if silence.line in lines and silence.code == found.code:
                self.used.add(silence.span)
                silenced = True
        return silenced

    def mistakes(self, judged: Iterable[str]) -> Iterator[Diagnostic]:
        """Yield what is wrong with the comments of files that were judged as a whole.

        In the other files, a comment may be for a workflow that was not looked at.
        """
        whole = set(judged)
        for path, (silences, wrong) in self.by_file.items():
            yield from wrong
            for silence in silences if path in whole else ():
                if silence.span not in self.used:
                    yield Diagnostic(
                        silence.span,
                        "FLOW500",
                        f"there is no {silence.code} here to silence",
                        "take it away, or put it on the line of the finding",
                        severity="warning",
                    )


def _silences(path: str, text: str) -> tuple[list[Silence], list[Diagnostic]]:
    silences: list[Silence] = []
    wrong: list[Diagnostic] = []
    for token in _comments(text):
        found = _COMMENT.search(token.string)
        if found is None:
            continue
        line, column = token.start
        # A comment that stands alone is for the next line of code.
        alone = not token.line[:column].strip()
        target = _next_code(text, line) if alone else line
        for code, start, end in _codes(found):
            span = Span(path, line, column + start, line, column + end)
            if _CODE.fullmatch(code):
                silences.append(Silence(target, code, span))
            else:
                wrong.append(_wrong(span, code))
    return silences, wrong


def _wrong(span: Span, code: str) -> Diagnostic:
    message = f"{code} is no code of a lint" if code else "this says not what it is for"
    return Diagnostic(
        span,
        "FLOW500",
        message,
        "name the code of the finding: # flowc: ignore[FLOW504] the reason",
        severity="warning",
    )


def _codes(found: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the codes in a comment, and from where to where they stand in it."""
    if not (found[1] or "").strip():
        yield "", found.start(), found.end()
        return
    for code in re.finditer(r"[^,\s]+", found[1]):
        start = found.start(1)
        yield code[0], start + code.start(), start + code.end()


def _comments(text: str) -> Iterator[tokenize.TokenInfo]:
    if "flowc:" not in text:
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token


def _next_code(text: str, line: int) -> int:
    lines = text.splitlines()
    while line < len(lines) and lines[line].lstrip()[:1] in ("", "#"):
        line += 1
    return line + 1
