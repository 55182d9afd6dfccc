"""A handler function's statements, taken apart where they return.

Those with a `return` below them are taken apart clause by clause, so that something
else can stand in its place; all others are text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import libcst as cst

from transpiler.frontend.fstrings import code, mend_fstrings
from transpiler.frontend.handlers import (
    dotted_name,
    handler_text,
    is_global,
    returns_of,
)
from transpiler.frontend.references import Change, replace_nodes, replacement
from transpiler.frontend.scopes import walk
from transpiler.ir.nodes import HandlerFunction


@dataclass(frozen=True, slots=True)
class Written:
    """A statement as its author wrote it; blank and comment lines stand `above` it."""

    text: str
    above: tuple[str, ...] = ()
    raises: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """A place where the handler ends: which of its outcomes, and the comment behind.

    `text` is what was returned; `leaves` says whether a `return` is needed for that.
    """

    outcome: int
    text: str = ""
    above: tuple[str, ...] = ()
    behind: str = ""
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Clause:
    """An `if`, `else`, `for`, `case` ... without its colon, and what is below it."""

    head: str
    body: tuple[Part, ...]
    behind: str = ""


@dataclass(frozen=True, slots=True)
class Compound:
    """A statement with a return somewhere below it."""

    clauses: tuple[Clause, ...]
    above: tuple[str, ...] = ()


Part = Written | Returned | Compound


def handler_parts(
    node: HandlerFunction, names: Mapping[str, str], globals: Mapping[str, str]
) -> tuple[Part, ...]:
    """Return a handler's statements with other names or expressions in them.

    `names` is for its local names, `globals` for the dotted names of its module. The
    docstring is left out.
    """
    text = handler_text(node)
    changes: dict[int, Change] = {}
    for reference in text.references:
        dotted = dotted_name(reference)
        if not is_global(reference, node):
            new, length = names.get(reference.name, reference.name), 0
            old = reference.name
        else:
            new, length, old = globals[dotted], len(reference.path), dotted
        if new == old:
            continue
        if reference.role == "load":
            changes[id(reference.nodes[length])] = replacement(reference, length, new)
        else:
            changes[id(reference.nodes[0])] = cst.Name(new)
    function = _renamed(text.function, changes)
    reader = _Reader()
    parts = tuple(reader.parts(function.body))
    is_doc = node.fn.__doc__ is not None and node.name != "<lambda>"
    return parts[1:] if is_doc else parts


def _renamed(function: cst.FunctionDef, changes: dict[int, Change]) -> cst.FunctionDef:
    for part in walk(function):
        if isinstance(part, cst.FormattedString):
            inside = {id(below) for below in walk(part)}
            if inside & changes.keys():
                changes[id(part)] = mend_fstrings(replace_nodes(part, changes))
    renamed = replace_nodes(function, changes) if changes else function
    assert isinstance(renamed, cst.FunctionDef)
    return renamed


_PASS = cst.IndentedBlock([cst.SimpleStatementLine([cst.Pass()])])


class _Reader:
    """Takes statements apart; counts the outcomes."""

    def __init__(self) -> None:
        self.count = 0

    def parts(self, body: cst.BaseSuite) -> Iterator[Part]:
        found = [part for s in _statements(body) for part in self.part(s)]
        if isinstance(body, cst.IndentedBlock) and found:
            # A comment below the last statement would stand behind the end.
            below = tuple(line for line in _lines(body.footer) if line)
            found[-1] = replace(found[-1], above=(*found[-1].above, *below))
        yield from found

    def part(self, node: cst.BaseStatement) -> Iterator[Part]:
        above = _lines(getattr(node, "leading_lines", ()))
        match node:
            case cst.SimpleStatementLine(body=[cst.Return(value=value)]):
                behind = _comment(node.trailing_whitespace)
                yield from self.returned(value, above, behind)
            case _ if not any(returns_of(node)):
                text = code(node.with_changes(leading_lines=[])).strip("\n")
                yield Written(text, above, _raises(node))
            case _:
                yield Compound(tuple(self.clauses(node)), above)

    def returned(
        self, value: cst.BaseExpression | None, above: tuple[str, ...], behind: str
    ) -> Iterator[Part]:
        if isinstance(value, cst.IfExp):
            body = tuple(self.returned(value.body, (), ""))
            otherwise = tuple(self.returned(value.orelse, (), ""))
            head = f"if {code(value.test)}"
            clauses = (Clause(head, body, behind), Clause("else", otherwise))
            yield Compound(_chained(clauses), above)
        else:
            self.count += 1
            text = code(value) if value else "None"
            yield Returned(self.count - 1, text, above, behind)

    def clauses(self, node: cst.CSTNode, word: str = "") -> Iterator[Clause]:
        """Yield the clauses of a compound statement, or of one of its parts."""
        following: list[cst.CSTNode | None] = []
        match node:
            case cst.Match():
                head, behind = f"match {code(node.subject)}", ""
                cases = [clause for case in node.cases for clause in self.clauses(case)]
                yield Clause(head, (Compound(tuple(cases)),), behind)
                return
            case cst.Try() | cst.TryStar():
                following = [*node.handlers, node.orelse, node.finalbody]
                head = "try"
            case cst.If() | cst.For() | cst.While():
                following = [node.orelse]
                head = _head(node.with_changes(body=_PASS, orelse=None))
            case _:
                head = _head(node.with_changes(body=_PASS))
        body: cst.BaseSuite = node.body  # type: ignore[attr-defined]  # all have one
        header = body.header if isinstance(body, cst.IndentedBlock) else None
        yield Clause(
            f"{word}{head}",
            tuple(self.parts(body)),
            _comment(header) if header else "",
        )
        for part in filter(None, following):
            yield from self.clauses(part, "el" if isinstance(part, cst.If) else "")


def _chained(clauses: tuple[Clause, ...]) -> tuple[Clause, ...]:
    """Write a conditional expression in the `else` of another one as `elif`."""
    *before, last = clauses
    match last:
        case Clause(
            "else", (Compound((first, *others), above=()),)
        ) if first.head.startswith("if "):
            return (*before, replace(first, head=f"el{first.head}"), *others)
    return clauses


def _head(node: cst.CSTNode) -> str:
    text = code(node.with_changes(leading_lines=[])).strip()
    return text.removesuffix("pass").rstrip().removesuffix(":")


def _statements(body: cst.BaseSuite) -> Iterator[cst.BaseStatement]:
    """Yield statements, each on a line of its own."""
    if isinstance(body, cst.SimpleStatementSuite):
        yield from _split(body.body, (), body.trailing_whitespace)
        return
    for node in body.body:
        if isinstance(node, cst.SimpleStatementLine):
            yield from _split(node.body, node.leading_lines, node.trailing_whitespace)
        else:
            assert isinstance(node, cst.BaseStatement)
            yield node


def _split(
    statements: Iterable[cst.BaseSmallStatement],
    above: Iterable[cst.EmptyLine],
    behind: cst.TrailingWhitespace,
) -> Iterator[cst.SimpleStatementLine]:
    plain = [s.with_changes(semicolon=cst.MaybeSentinel.DEFAULT) for s in statements]
    for index, statement in enumerate(plain):
        line = cst.SimpleStatementLine([statement])
        if index == 0:
            line = line.with_changes(leading_lines=list(above))
        if index == len(plain) - 1:
            line = line.with_changes(trailing_whitespace=behind)
        yield line


def _lines(lines: Iterable[cst.EmptyLine]) -> tuple[str, ...]:
    return tuple(line.comment.value if line.comment else "" for line in lines)


def _comment(node: cst.TrailingWhitespace) -> str:
    return node.comment.value if node.comment else ""


def _raises(node: cst.BaseStatement) -> bool:
    return isinstance(node, cst.SimpleStatementLine) and isinstance(
        node.body[0], cst.Raise
    )
