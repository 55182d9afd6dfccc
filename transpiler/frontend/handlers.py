"""Handler functions as text, and what their statements refer to.

What stands behind a `return` is not theirs: it is evaluated when the workflow is built.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from transpiler.capture.files import (
    function_node,
    lambda_node,
    per_code,
    position_of,
    source_file,
)
from transpiler.diagnostics import Diagnostic, TranspileError, refuse
from transpiler.frontend.mentions import Reference
from transpiler.frontend.parts import misuse
from transpiler.frontend.scan import scan
from transpiler.frontend.scopes import children, walk
from transpiler.ir.nodes import HandlerFunction
from transpiler.source import Span


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
        for statement in returns_of(function.body)
        for value in _values(statement.value)
        for part in walk(value)
    }
    found_in = scan(function.body.body)
    references = tuple(r for r in found_in.references if id(r.nodes[0]) not in returned)
    bound = dict.fromkeys(r.name for r in references if r.role in ("store", "delete"))
    return HandlerText(
        function, module, references, tuple(bound), made_of.co_filename, line
    )


def returns_of(node: cst.CSTNode) -> Iterator[cst.Return]:
    """Yield the returns of a function's own body."""
    if isinstance(node, cst.Return):
        yield node
    elif not isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
        for child in children(node):
            yield from returns_of(child)


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

    Raises TranspileError with all of them that are parts of a workflow.
    """
    text = handler_text(node)
    module = str(node.fn.__globals__.get("__name__", "__main__"))
    findings: list[Diagnostic] = []
    for reference in text.references:
        if is_global(reference, node):
            try:
                _check(reference, node, text)
            except TranspileError as error:
                findings += error.diagnostics
            yield module, dotted_name(reference)
    if findings:
        raise TranspileError(findings)


def is_global(reference: Reference, node: HandlerFunction) -> bool:
    """Return whether a reference is to a name of the handler's module."""
    own = {name for name, _ in (*node.captured, *node.defaults)}
    own |= {item.name for item in node.items}
    return reference.name not in own and reference.name in node.fn.__globals__


def dotted_name(reference: Reference) -> str:
    """Return a reference with the attributes that are read of it."""
    return ".".join((reference.name, *reference.path))


def _check(reference: Reference, node: HandlerFunction, text: HandlerText) -> None:
    """Refuse what would build a step and drop it."""
    found = misuse((reference.name, *reference.path), node.fn.__globals__)
    if found is None:
        return
    hint = f"build the step where it is returned: return {found.shown}(...)"
    if found.code == "FLOW303":
        hint = f"return {found.shown}"
        if found.builds:
            hint += f"(...), or write {found.shown}.fn(state, ...) to call its function"
    raise refuse(
        found.code,
        found.message,
        span=text.span_of(reference.nodes[found.length - 1]),
        hint=hint,
    )
