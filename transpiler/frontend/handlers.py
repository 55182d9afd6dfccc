"""Handler functions as text: their statements, and where a step is returned.

The author's statements stay as they are, but for the names in them. Those with a
`return` below them are taken apart, so that something else can stand in its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import CodeType, ModuleType
from typing import Any

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from transpiler.capture.files import (
    function_node,
    lambda_node,
    per_code,
    position_of,
    source_file,
)
from transpiler.capture.markers import Built, Leaf
from transpiler.diagnostics import TranspileError, refuse
from transpiler.frontend.checks import PRELUDE, flow_value
from transpiler.frontend.fstrings import code, mend_fstrings
from transpiler.frontend.mentions import Reference
from transpiler.frontend.references import Change, replace_nodes, replacement
from transpiler.frontend.scan import scan
from transpiler.frontend.scopes import children, walk
from transpiler.ir.nodes import HandlerFunction
from transpiler.source import Span


@dataclass(frozen=True, slots=True)
class Written:
    """A statement as its author wrote it; blank and comment lines stand `above` it."""

    text: str
    above: tuple[str, ...] = ()
    raises: bool = False


@dataclass(frozen=True, slots=True)
class Returned:
    """A place where the handler ends: which of its outcomes, and the comment behind."""

    outcome: int
    above: tuple[str, ...] = ()
    behind: str = ""


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


@dataclass(frozen=True, slots=True, eq=False)
class HandlerText:
    """A handler function's source, parsed, and what its statements refer to."""

    function: cst.FunctionDef
    module: cst.Module
    references: tuple[Reference, ...]
    bound: tuple[str, ...]
    """The local names that its statements bind."""

    path: str
    line: int
    """The line of the file that its first line is."""

    def span_of(self, node: cst.CSTNode) -> Span:
        """Return where a node stands, to the line at least. Slow: for diagnostics."""
        wrapper = MetadataWrapper(self.module, unsafe_skip_copy=True)
        place = wrapper.resolve(PositionProvider).get(node)
        if place is None or not self.line:
            return Span(self.path)
        start, end, above = place.start, place.end, self.line - 1
        return Span(
            self.path, start.line + above, start.column, end.line + above, end.column
        )

    def mentions(self, name: str) -> bool:
        """Whether a statement reads or binds a name."""
        return any(reference.name == name for reference in self.references)


def handler_text(node: HandlerFunction) -> HandlerText:
    """Return the text of a handler function."""
    return _handler_text(node.fn.__code__)


@per_code
def _handler_text(made_of: CodeType) -> HandlerText:
    file = source_file(made_of.co_filename)
    assert file is not None
    if made_of.co_name == "<lambda>":
        found = lambda_node(made_of)
        assert found is not None
        body = file.slice(position_of(found.body))
        text, line = f"def handle():\n    return (\n{body}\n    )\n", 0
    else:
        node = function_node(made_of)
        assert node is not None and node.end_lineno is not None
        text = b"".join(file.lines[node.lineno - 1 : node.end_lineno]).decode()
        line = node.lineno
        if node.col_offset:
            text, line = f"if True:\n{text}", line - 1
    module = cst.parse_module(text if text.endswith("\n") else f"{text}\n")
    function = next(n for n in walk(module) if isinstance(n, cst.FunctionDef))
    returned = {
        id(part)
        for statement in _returns(function.body)
        for value in _values(statement.value)
        for part in walk(value)
    }
    found_in = scan(function.body.body)
    references = tuple(
        r for r in found_in.references if id(r.nodes[0]) not in returned
    )
    bound = dict.fromkeys(
        r.name for r in references if r.role in ("store", "delete")
    )
    return HandlerText(
        function, module, references, tuple(bound), made_of.co_filename, line
    )


def _returns(node: cst.CSTNode) -> Iterator[cst.Return]:
    """Yield the returns of a function's own body."""
    if isinstance(node, cst.Return):
        yield node
    elif not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
        for child in children(node):
            yield from _returns(child)


def _values(node: cst.BaseExpression | None) -> Iterator[cst.BaseExpression]:
    """Yield what may be returned: of a conditional expression, either."""
    if isinstance(node, cst.IfExp):
        yield from _values(node.body)
        yield from _values(node.orelse)
    elif node is not None:
        yield node


# What it refers to


def handler_globals(node: HandlerFunction) -> Iterator[tuple[str, str]]:
    """Yield the names of modules that a handler's statements refer to, dotted ones too.

    Raises TranspileError where one of them is a part of a workflow.
    """
    text = handler_text(node)
    module = str(node.fn.__globals__.get("__name__", "__main__"))
    for reference in text.references:
        if _is_global(reference, node):
            _check(reference, node, text)
            yield module, _dotted(reference)


def _is_global(reference: Reference, node: HandlerFunction) -> bool:
    own = {name for name, _ in (*node.captured, *node.defaults)}
    own |= {item.name for item in node.items}
    return reference.name not in own and reference.name in node.fn.__globals__


def _dotted(reference: Reference) -> str:
    return ".".join((reference.name, *reference.path))


def _check(reference: Reference, node: HandlerFunction, text: HandlerText) -> None:
    """Refuse what would build a step and drop it."""
    value: Any = node.fn.__globals__[reference.name]
    shown = reference.name
    for index, name in enumerate((*reference.path, "")):
        if isinstance(value, (Built, Leaf)):
            if isinstance(value, Leaf) and name == "fn":
                return
            raise _refusal(
                "FLOW303",
                f"{shown} would build a step here, and not run it",
                f"return {shown}(...), or write {shown}.fn(state, ...) to call its "
                "function",
                text.span_of(reference.nodes[index]),
            )
        if not isinstance(value, ModuleType) or not name:
            break
        value = getattr(value, name, None)
        shown = f"{shown}.{name}"
    ours = flow_value(value) or _is_flows(getattr(value, "__module__", ""))
    if ours and shown.rpartition(".")[2] not in PRELUDE:
        raise _refusal(
            "FLOW304",
            f"{shown} builds workflows, and has no meaning while one runs",
            f"build the step where it is returned: return {shown}(...)",
            text.span_of(reference.nodes[shown.count(".")]),
        )


def _is_flows(module: object) -> bool:
    return isinstance(module, str) and module.startswith("transpiler.")


def _refusal(code: str, message: str, hint: str, span: Span) -> TranspileError:
    return refuse(code, message, span=span, hint=hint)


# Its statements


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
        dotted = _dotted(reference)
        if not _is_global(reference, node):
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
            case _ if not any(_returns(node)):
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
            yield Returned(self.count - 1, above, behind)

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
                bare = node.with_changes(body=_PASS, orelse=None, finalbody=None)
                head = "try"
            case cst.If() | cst.For() | cst.While():
                following = [node.orelse]
                bare = node.with_changes(body=_PASS, orelse=None)
                head = _head(bare)
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
        case Clause("else", (Compound((first, *others), above=()),)) if (
            first.head.startswith("if ")
        ):
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
