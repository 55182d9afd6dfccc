"""What `flow.traced` wrote: read, filtered, and drawn as a tree or a list.

A trace is a file with a line of JSON for each named part of a run, in the order in
which they ended: the parts inside of a part stand before it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a run: its path of names, when it ran, and how it ended."""

    names: tuple[str, ...]
    start: datetime
    duration: float
    error: str | None
    line: Mapping[str, Any]

    @property
    def path(self) -> str:
        """The names joined by dots."""
        return ".".join(self.names)


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that tells no part, by its number, and why it does not."""

    number: int
    problem: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A part in the tree; of one that the file does not tell, only the name."""

    name: str
    part: Part | None
    inside: tuple[Branch, ...] = ()


def read_trace(lines: Iterable[bytes]) -> tuple[list[Part], list[Broken]]:
    """Return the parts of a trace, and the lines that can't be read."""
    parts, broken = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            parts.append(_part(json.loads(line)))
        except UnicodeDecodeError:
            broken.append(Broken(number, "this is no UTF-8"))
        except json.JSONDecodeError as error:
            broken.append(Broken(number, f"this is no JSON: {error}"))
        except ValueError as error:
            broken.append(Broken(number, str(error)))
    return parts, broken


def _part(found: Any) -> Part:
    match found:
        case {"names": [*names], "start": str(start), "duration": duration}:
            pass
        case _:
            raise ValueError("a part has names, a start and a duration")
    if not names or not all(isinstance(name, str) for name in names):
        raise ValueError("the names of a part are strings, one at least")
    if isinstance(duration, bool) or not isinstance(duration, (int, float)):
        raise ValueError("the duration of a part is a number of seconds")
    if not 0 <= duration < math.inf:
        raise ValueError(f"no part takes {duration} seconds")
    match found.get("error"):
        case None:
            error = None
        case {"type": str(kind), "message": str(message)}:
            error = f"{kind}: {message}" if message else kind
        case _:
            raise ValueError("the error of a part has a type and a message")
    return Part(tuple(names), read_time(start), float(duration), error, found)


def read_time(text: str) -> datetime:
    """Return a time that is written as ISO 8601 has it; without a zone it is UTC.

    >>> read_time("2026-03-01T10:00").isoformat()
    '2026-03-01T10:00:00+00:00'
    """
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no time: write 2026-03-01T10:00:00Z") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


_UNITS = {"ms": 0.001, "s": 1, "": 1, "min": 60, "m": 60, "h": 3600}


def read_duration(text: str) -> float:
    """Return a duration in seconds: `2`, `1.5s`, `250ms`, `3min` or `1h`.

    >>> read_duration("250ms"), read_duration("2"), read_duration("1.5 min")
    (0.25, 2.0, 90.0)
    """
    found = re.fullmatch(r"(\d+(?:\.\d*)?|\.\d+)\s*([a-z]*)", text.strip())
    if not found or found[2] not in _UNITS:
        raise ValueError(f"{text!r} is no duration: write 2, 1.5s, 250ms or 3min")
    return float(found[1]) * _UNITS[found[2]]


# Filters


@dataclass(frozen=True, slots=True)
class Filter:
    """Which parts are asked for: those for which all that is given holds."""

    min_duration: float | None = None
    max_duration: float | None = None
    failed: bool | None = None
    name: str | None = None
    path: str | None = None
    depth: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    error_text: str | None = None

    def matches(self, part: Part) -> bool:
        """Return whether a part is one of those."""
        text = None if self.error_text is None else self.error_text.casefold()
        return all(
            (
                self.min_duration is None or part.duration >= self.min_duration,
                self.max_duration is None or part.duration <= self.max_duration,
                self.failed is None or (part.error is not None) == self.failed,
                self.name is None or fnmatchcase(part.names[-1], self.name),
                self.path is None or fnmatchcase(part.path, self.path),
                self.depth is None or len(part.names) <= self.depth,
                self.since is None or part.start >= self.since,
                self.until is None or part.start <= self.until,
                text is None or text in (part.error or "").casefold(),
            )
        )


# The tree


def tree_of(parts: Iterable[Part]) -> tuple[Branch, ...]:
    """Return the parts as a tree, each level in the order of the starts.

    A part takes what ended before it, and did not begin before it, under its path. What
    nobody takes is put under branches that have only a name: the parts around a trace,
    or those that a run had no time to end.
    """
    waiting: dict[tuple[str, ...], list[tuple[Part, Branch]]] = {}
    for part in parts:
        path = part.names
        inside: list[tuple[Part, Branch]] = []
        for above in [p for p in waiting if p[: len(path)] == path]:
            mine = [pair for pair in waiting[above] if pair[0].start >= part.start]
            left = [pair for pair in waiting[above] if pair[0].start < part.start]
            inside += mine
            waiting[above] = left
            if not left:
                del waiting[above]
        branch = Branch(path[-1], part, _level(inside, len(path)))
        waiting.setdefault(path[:-1], []).append((part, branch))
    return _level([pair for pairs in waiting.values() for pair in pairs], 0)


def _level(pairs: Iterable[tuple[Part, Branch]], depth: int) -> tuple[Branch, ...]:
    """Return branches in order; what belongs deeper gets branches around it."""
    found: list[tuple[datetime, Branch]] = []
    deeper: dict[str, list[tuple[Part, Branch]]] = {}
    for part, branch in pairs:
        if len(part.names) == depth + 1:
            found.append((part.start, branch))
        else:
            deeper.setdefault(part.names[depth], []).append((part, branch))
    for name, below in deeper.items():
        first = min(part.start for part, _ in below)
        found.append((first, Branch(name, None, _level(below, depth + 1))))
    return tuple(branch for _, branch in sorted(found, key=lambda pair: pair[0]))


def pruned(
    branches: Iterable[Branch], matches: Callable[[Part], bool]
) -> tuple[Branch, ...]:
    """Return the branches that match or lead to some that do."""
    kept = []
    for branch in branches:
        inside = pruned(branch.inside, matches)
        if inside or (branch.part and matches(branch.part)):
            kept.append(replace(branch, inside=inside))
    return tuple(kept)


# What is shown


@dataclass(frozen=True, slots=True)
class Row:
    """A line of what is shown; `asked` says whether its part is one asked for."""

    text: str
    duration: str
    error: str
    asked: bool


def tree_rows(
    branches: Iterable[Branch], matches: Callable[[Part], bool], depth: int = 0
) -> Iterator[Row]:
    """Yield the lines of a tree, each level indented."""
    for branch in branches:
        text, part = f"{'  ' * depth}{_one_line(branch.name)}", branch.part
        yield _row(text, part, part is not None and matches(part))
        yield from tree_rows(branch.inside, matches, depth + 1)


def flat_rows(parts: Iterable[Part]) -> Iterator[Row]:
    """Yield a line with the whole path for each part, in the order of the starts."""
    for part in sorted(parts, key=lambda part: part.start):
        yield _row(_one_line(part.path), part, True)


def _row(text: str, part: Part | None, asked: bool) -> Row:
    if part is None:
        return Row(text, "-", "", asked)
    return Row(text, duration_text(part.duration), _one_line(part.error or ""), asked)


def _one_line(text: str) -> str:
    """Return a text without line breaks, and without what a terminal would obey."""
    line = " ".join(text.split())
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in line)


def duration_text(seconds: float) -> str:
    """Return a duration as people read it.

    >>> [duration_text(s) for s in (0.0004, 0.0252, 0.5, 2.041, 75, 3700)]
    ['0.40 ms', '25 ms', '500 ms', '2.04 s', '1 min 15 s', '1 h 01 min']
    """
    if seconds < 0.9995:
        milliseconds = seconds * 1000
        digits = 0 if milliseconds >= 9.95 else 1 if milliseconds >= 0.95 else 2
        return f"{milliseconds:.{digits}f} ms"
    if seconds < 59.995:
        return f"{seconds:.2f} s"
    whole = timedelta(seconds=round(seconds))
    minutes, rest = divmod(int(whole.total_seconds()), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s"
    return f"{minutes // 60} h {minutes % 60:02} min"


def laid_out(
    rows: Sequence[Row], style: Callable[[str, str], str] = lambda text, _: text
) -> Iterator[str]:
    """Yield rows as lines with aligned columns.

    `style` marks a text as "error" or as "aside": what only leads to what is asked for.
    """
    width = max((len(row.text) for row in rows), default=0)
    durations = max((len(row.duration) for row in rows), default=0)
    for row in rows:
        line = f"{row.text:<{width}}  {row.duration:>{durations}}"
        line = line if row.asked else style(line, "aside")
        yield f"{line}  {style(row.error, 'error')}" if row.error else line


def summary(parts: Sequence[Part], shown: Sequence[Part]) -> str:
    """Return how many parts there are, and how many of them are shown and failed.

    >>> summary([], [])
    'no parts'
    """
    if not parts:
        return "no parts"
    whole = f"{len(parts)} part{'' if len(parts) == 1 else 's'}"
    counted = whole if len(shown) == len(parts) else f"{len(shown)} of {whole}"
    failed = sum(part.error is not None for part in shown)
    return f"{counted}, {failed} failed" if failed else counted
