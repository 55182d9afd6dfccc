"""A function of the script in the making: its state, its variables, how deep it is."""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Expression, Item, Let
from transpiler.lowering.limited import Limit
from transpiler.lowering.unit import Unit
from transpiler.script.model import Block, Body, Statement
from transpiler.script.names import Names
from transpiler.source import Span

DEEPEST = 4
"""So many levels of blocks stand in a function; what is deeper becomes another."""

UNKNOWN = "?"
"""The kind of a variable whose type is not known, and so unlike any other's."""

CAUGHT = "caught"
"""The kind of a variable that an except branch binds: it is gone behind it."""


OURS = {"error": CAUGHT, "attempt": "int", "index": "int"}
"""The types of the variables that are ours, where a type checker minds another."""


OTHER_WORDS = {
    "branch": "future",
    "branches": "futures",
    "delay": "pause",
    "error": "failure",
    "finished": "done",
    "index": "position",
    "pool": "executor",
}
"""What some of ours are called where the author's are called that already."""


@dataclass(frozen=True)
class Scope:
    """Where statements are written: in which function, and inside how many blocks."""

    unit: Unit
    state: str
    state_type: str
    names: Names
    variables: dict[Item | Let, str] = field(default_factory=dict)
    depth: int = 0
    told: set[tuple[str, int]] = field(default_factory=set)
    kinds: dict[str, str] = field(default_factory=dict)
    limit: Limit | None = None

    def lower(self, node: ir.Step, deeper: int = 1) -> Body:
        """Lower a step that stands `deeper` levels below this one."""
        return self.unit.lower(node, self.deeper(deeper))

    def deeper(self, levels: int) -> Scope:
        """Return this scope inside so many more blocks."""
        return replace(self, depth=self.depth + levels)

    def write(self, expression: Expression) -> str:
        """Write an expression."""
        return self.unit.write(expression, self.variables)

    def is_free(self, name: str) -> bool:
        """Return whether a name is one of neither the function nor the module."""
        return self.names.is_free(name) and self.unit.names.is_free(name)

    def fresh(self, wanted: str, kind: str = "", *, ours: bool = False) -> str:
        """Take a variable's name.

        With a `kind`, it is one that has no value of another kind in this function:
        a type checker would not have it. One of `ours` gives way to the author's.
        """

        def serves(name: str) -> bool:
            return self.serves(name, kind, ours=ours)

        if ours and not serves(wanted) and serves(OTHER_WORDS.get(wanted, wanted)):
            wanted = OTHER_WORDS[wanted]
        name = self.names.first(wanted, serves, f"{kind} {ours}")
        self.unit.locals.add(name)
        if kind:
            self.kinds[name] = kind
        return name

    def serves(self, name: str, kind: str = "", *, ours: bool = False) -> bool:
        """Return whether `fresh` would take a name as it is."""
        free = self.is_free(name) and not (ours and name in self.unit.authors)
        return free and (not kind or self.suits(name, kind))

    def suits(self, name: str, kind: str) -> bool:
        """Return whether a variable had no value of another kind in this function."""
        if kind == UNKNOWN:
            return name not in self.kinds
        return self.kinds.get(name, kind) == kind

    def yielding(self, wanted: str, kind: str = "") -> str:
        """Take a name of ours, which gives way to the author's in any function."""
        return self.fresh(wanted, kind, ours=True)

    def release_since(self, mark: int) -> None:
        """Give back all names that were taken since then."""
        self.names.release_since(mark)

    # Time limits: what has to be asked before something starts

    def starting(self) -> tuple[Statement, ...]:
        """Return what goes before something that starts, and then takes its time."""
        return self.limit.starting() if self.limit else ()

    @property
    def in_time(self) -> bool:
        """Whether no time can have passed since the limit was set or asked."""
        return self.limit is None or self.limit.in_time

    def take_time(self, in_time: bool = False) -> None:
        """Say that time may have passed by here, unless it is still `in_time`."""
        if self.limit is not None:
            self.limit.in_time = in_time

    @property
    def asked(self) -> int:
        """In how many places the limit was asked so far."""
        return self.limit.uses if self.limit else 0

    def starting_in_branch(self) -> tuple[Statement, ...]:
        """Return the same in an except branch, in which the error is a context."""
        if self.limit is not None:
            self.limit.simple = False
        return self.starting()

    def passing(self, asked: int, on: ir.Types, error: str) -> tuple[Statement, ...]:
        """Return how an except branch begins if the limit's own error may get there.

        `asked` says in how many places the limit was asked before the `try`.
        """
        return self.limit.passing(asked, on, error) if self.limit else ()

    def alternatives(self, *lower: Callable[[], Body]) -> list[Body]:
        """Lower what is done in place of each other: all begin at the same point."""
        before, bodies, ends = self.in_time, [], []
        for each in lower:
            self.take_time(before)
            bodies.append(each())
            ends.append(self.in_time)
        self.take_time(all(ends))
        return bodies

    @contextmanager
    def using(self, *wanted: str) -> Iterator[list[str]]:
        """Take names of ours for a while; a sibling uses them again.

        They give way to every name that the author gave to a state or an item.
        """
        taken = [self.yielding(name, OURS.get(name, "")) for name in wanted]
        yield taken
        for name in taken:
            self.names.release(name)

    def bind(self, item: Item | Let, kind: str = "") -> Scope:
        """Return this scope with a variable for an item more, of a type if known."""
        if isinstance(item, Item):
            name = self.fresh(item.name, kind or item.kind)
        else:
            name = self.yielding(item.name)
        return replace(self, variables={**self.variables, item: name})

    def release(self, *items: Item | Let) -> None:
        """Give back the variables of items whose loop has ended."""
        for item in items:
            self.names.release(self.variables[item])

    def comments(self, span: Span) -> tuple[str, ...]:
        """Return the author's comments beside a combinator, each only once."""
        found = [*_above(span), *_opening(span), *_behind(span)]
        fresh = [text for line, text in found if (span.path, line) not in self.told]
        self.told.update((span.path, line) for line, _ in found)
        return tuple(filter(None, map(_without_silence, fresh)))


def caught(scope: Scope) -> str:
    """Return the name of the error in an except branch whose body is known.

    Nothing else bears it there, so the name is given back at once.
    """
    error = scope.yielding("error")
    scope.kinds[error] = CAUGHT
    scope.names.release(error)
    return error


def with_comments(body: Body, comments: tuple[str, ...]) -> Body:
    """Put comments above the first block of a body."""
    if not comments or not body:
        return body
    first = body[0]
    return (Block(first.statements, (*comments, *first.comments)), *body[1:])


_BEGINS = re.compile(
    r"\s*([\w.]+\.append\(|yield |\*[\[(])?|\s+(return |\w+(: [^=]+)? = )"
)
"""What may stand before a step that a line is about, as in `steps.append(create())`."""

_STARRED = ("*[", "*(")
"""A line that opens steps which a comprehension makes."""

_OPENS = re.compile(r"[\w.\s]+\(\s*(#.*?)\s*")
"""A call that goes on below, with a comment behind its parenthesis."""


def _above(span: Span) -> list[tuple[int, str]]:
    return comments_above(span.path, span.line, span.column) if span.line else []


def comments_above(path: str, line: int, column: int) -> list[tuple[int, str]]:
    """Return the comment lines directly above what begins a line."""
    if not _BEGINS.fullmatch(linecache.getline(path, line)[:column]):
        return []
    found: list[tuple[int, str]] = []
    line -= 1
    if linecache.getline(path, line).strip() in _STARRED:
        line -= 1
    while (text := linecache.getline(path, line).strip()).startswith("#"):
        found.insert(0, (line, text))
        line -= 1
    return found


def _opening(span: Span) -> list[tuple[int, str]]:
    """Return the comment behind the first line of a span of several lines."""
    if span.end_line <= span.line:
        return []
    match = _OPENS.fullmatch(linecache.getline(span.path, span.line)[span.column :])
    return [(span.line, match[1])] if match else []


def _without_silence(comment: str) -> str:
    """Take what silences a lint out of a comment; the reason stays."""
    reason, found = _SILENCE.subn("# ", comment)
    if not found:
        return comment
    return reason if reason.strip("# ") else ""


_SILENCE = re.compile(r"#\s*flowc:\s*ignore\b(\s*\[[^\]]*\])?[\s:,-]*")


def _behind(span: Span) -> list[tuple[int, str]]:
    """Return the comment behind a span that ends its line."""
    rest = linecache.getline(span.path, span.end_line)[span.end_column :]
    match = re.fullmatch(r"\s*,?\s*(#.*?)\s*", rest)
    return [(span.end_line, match[1])] if match and span.end_line else []
