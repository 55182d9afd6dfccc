"""Expressions as text: the names they read, and others put in their place."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import libcst as cst

from transpiler.diagnostics import refuse
from transpiler.frontend.fstrings import code, mend_fstrings
from transpiler.frontend.mentions import Reference, Scan
from transpiler.frontend.scan import scan
from transpiler.frontend.scopes import plain_names

_PLAIN = re.compile(r"""-?[0-9_]+(\.[0-9]+)?|"[^"\\\n]*"|'[^'\\\n]*'""")
"""A number or a string that reads no name: most arguments, and parsing takes long."""


@cache
def free_names(expression_text: str) -> frozenset[str]:
    """Return the names that an expression reads and does not bind itself."""
    if _PLAIN.fullmatch(expression_text):
        return frozenset()
    _, found = _parsed(expression_text)
    return frozenset(r.name for r in _loads(found))


@cache
def free_paths(expression_text: str) -> frozenset[str]:
    """Return the free names with the attributes read of them: `{"h.size", "user"}`."""
    if _PLAIN.fullmatch(expression_text):
        return frozenset()
    _, found = _parsed(expression_text)
    return frozenset(".".join((r.name, *r.path)) for r in _loads(found))


@cache
def _every_name(expression_text: str) -> frozenset[str]:
    """Return the names that an expression mentions, for whatever it does so."""
    if _PLAIN.fullmatch(expression_text):
        return frozenset()
    _, found = _parsed(expression_text)
    return frozenset(reference.name for reference in found.references)


def substitute(expression_text: str, replacements: Mapping[str, str]) -> str:
    """Put expressions in the place of free names, or of dotted names such as `h.size`.

    The longest dotted name counts. Parentheses are added where precedence asks for
    them, quotes inside an f-string stay valid on Python 3.11, and the text of a string
    literal is merged into an f-string that it stands in. Raises TranspileError where a
    lambda or comprehension binds a name that a replacement reads.
    """
    first = {name.partition(".")[0] for name in replacements}
    if not first & _every_name(expression_text):
        return expression_text
    expression, found = _parsed(expression_text)
    changes: dict[int, Change] = {}
    for reference in found.references:
        for length in range(len(reference.path), -1, -1):
            name = ".".join((reference.name, *reference.path[:length]))
            if name in replacements:
                new = replacement(reference, length, replacements[name])
                changes[id(reference.nodes[length])] = new
                break
    if not changes:
        return expression_text
    _check_walrus(found, replacements)
    return code(mend_fstrings(replace_nodes(expression, changes)))


def parse_expression(text: str) -> cst.BaseExpression:
    """Parse an expression which may span lines without parentheses of its own."""
    try:
        return plain_names(cst.parse_expression(text.strip()), text)
    except cst.ParserSyntaxError:
        # It stood inside brackets that were not part of it.
        return plain_names(cst.parse_expression(f"({text.strip()}\n)"), text)


Change = (
    cst.CSTNode | cst.RemovalSentinel | cst.FlattenSentinel[cst.SimpleStatementLine]
)
"""What takes a node's place: another, none, or several lines."""


def replace_nodes(node: cst.CSTNode, changes: Mapping[int, Change]) -> Any:
    """Return a tree in which the nodes of these identities are replaced.

    What stands in an `f"{x=}"` keeps printing the text that the author wrote.
    """
    return node.visit(_Replacer(changes))


def atom(node: cst.BaseExpression) -> cst.BaseExpression:
    """Return an expression that can stand anywhere, in parentheses if it must."""
    simple = (
        cst.Name,
        cst.Attribute,
        cst.Subscript,
        cst.Call,
        cst.BaseString,
        cst.List,
        cst.Dict,
        cst.Set,
        cst.ListComp,
        cst.SetComp,
        cst.DictComp,
        cst.Ellipsis,
    )
    number = isinstance(node, cst.BaseNumber)
    joined = isinstance(node, cst.ConcatenatedString)
    if node.lpar or (isinstance(node, simple) and not joined) or number:
        return node
    return node.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[cst.BaseExpression, Scan]:
    expression = parse_expression(text)
    return expression, scan([expression])


def _loads(found: Scan) -> list[Reference]:
    return [
        r for r in found.references if r.role == "load" and r.name not in found.binds
    ]


def replacement(reference: Reference, length: int, text: str) -> cst.CSTNode:
    """Return what stands in the place of a reference's first names for a text.

    Raises TranspileError where the text would mean something else there.
    """
    if reference.role != "load":
        raise refuse(
            "FLOW315",
            f"the expression assigns to {reference.name}, which stands for {text}",
            hint=f"assign {reference.name} in a statement of its own, or write the "
            "expression without :=",
        )
    new, found = _parsed(text)
    captured = {r.name for r in _loads(found)} & reference.scope.shadows()
    if captured:
        name = min(captured)
        raise refuse(
            "FLOW315",
            f"{name} means something else inside this lambda or comprehension",
            hint=f"rename the {name} that the lambda or comprehension binds",
        )
    old = reference.nodes[length]
    assert isinstance(old, cst.BaseExpression)
    new = atom(new.deep_clone())
    attribute = length < len(reference.path)
    if attribute and isinstance(new, cst.BaseNumber) and not new.lpar:
        # `1.real` is not Python.
        new = new.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    if old.lpar and isinstance(new, cst.BaseExpression) and not new.lpar:
        new = new.with_changes(lpar=old.lpar, rpar=old.rpar)
    return new


def _check_walrus(found: Scan, replacements: Mapping[str, str]) -> None:
    for name in sorted(found.binds):
        if any(name in free_names(text) for text in replacements.values()):
            raise refuse(
                "FLOW315",
                f"the expression assigns to {name}, which a value in it reads too",
                hint="give the name after := another spelling",
            )


_ALONE = (
    cst.Arg,
    cst.DictElement,
    cst.Element,
    cst.FormattedStringExpression,
    cst.Index,
)
"""Where an expression needs no parentheses."""

_OPERATIONS = (
    cst.BinaryOperation,
    cst.BooleanOperation,
    cst.Comparison,
    cst.IfExp,
    cst.UnaryOperation,
)
_IN_TEXT = re.compile(r"[\w .+\-*/%]+")
"""What no f-string takes for something of its own."""


class _Replacer(cst.CSTTransformer):
    def __init__(self, changes: Mapping[int, Change]) -> None:
        super().__init__()
        self.changes = changes
        self.removed: set[int] = set()

    def on_visit(self, node: cst.CSTNode) -> bool:
        return id(node) not in self.changes

    def on_leave(  # type: ignore[override]
        self, original_node: cst.CSTNode, updated_node: cst.CSTNode
    ) -> object:
        if id(original_node) in self.changes:
            return self.changes[id(original_node)]
        updated_node = self._bare(original_node, updated_node)
        if isinstance(updated_node, cst.SimpleStatementLine) and not updated_node.body:
            self.removed.add(id(original_node))
            return cst.RemovalSentinel.REMOVE
        if isinstance(original_node, cst.IndentedBlock):
            assert isinstance(updated_node, cst.IndentedBlock)
            return self._without_gaps(original_node, updated_node)
        spelled = isinstance(original_node, cst.FormattedStringExpression)
        if spelled and original_node is not updated_node:
            return _spell_out(original_node, updated_node)
        return updated_node

    def _bare(self, original: cst.CSTNode, updated: cst.CSTNode) -> cst.CSTNode:
        """Take the parentheses off what was put in where nothing is next to it."""
        for name in ("value", "expression") if isinstance(original, _ALONE) else ():
            old, new = getattr(original, name, None), getattr(updated, name, None)
            if id(old) not in self.changes or not isinstance(new, _OPERATIONS):
                continue
            assert isinstance(old, cst.BaseExpression)
            starred = getattr(original, "star", "")
            in_text = isinstance(original, cst.FormattedStringExpression)
            bare = new.with_changes(lpar=[], rpar=[])
            if old.lpar or len(new.lpar) != 1 or starred:
                continue
            if not in_text or _IN_TEXT.fullmatch(code(bare)):
                updated = updated.with_changes(**{name: bare})
        return updated

    def _without_gaps(
        self, old: cst.IndentedBlock, new: cst.IndentedBlock
    ) -> cst.IndentedBlock:
        """Close the gaps that statements left in a block."""
        stayed = [part for part in old.body if id(part) not in self.removed]
        if len(stayed) == len(old.body) or len(stayed) != len(new.body):
            return new
        left = iter(new.body)
        body: list[cst.BaseStatement] = []
        gap: Sequence[cst.EmptyLine] | None = None
        for part in old.body:
            if id(part) in self.removed:
                assert isinstance(part, cst.SimpleStatementLine)
                gap = part.leading_lines if gap is None else gap
                continue
            statement = next(left)
            known = (cst.SimpleStatementLine, cst.BaseCompoundStatement)
            if gap is not None and isinstance(statement, known):
                statement = _closed(statement, gap)
            body.append(statement)
            gap = None
        return new.with_changes(body=body)


_Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


def _closed(statement: _Statement, gap: Sequence[cst.EmptyLine]) -> _Statement:
    """Give a statement the blank lines of one above it that is gone."""
    lines = list(statement.leading_lines)
    while lines and lines[0].comment is None:
        del lines[0]
    blank = [line for line in gap if line.comment is None]
    return statement.with_changes(leading_lines=[*blank, *lines])


def _spell_out(old: cst.CSTNode, new: cst.CSTNode) -> object:
    """Turn `{x=}` into `x={y!r}`: the text that it prints is the author's."""
    assert isinstance(old, cst.FormattedStringExpression)
    assert isinstance(new, cst.FormattedStringExpression)
    if old.equal is None or code(old) == code(new):
        return new
    shown = code(old.with_changes(conversion=None, format_spec=None))[1:-1]
    text = shown.replace("{", "{{").replace("}", "}}")
    conversion = new.conversion
    if conversion is None and new.format_spec is None:
        conversion = "r"
    plain = new.with_changes(equal=None, conversion=conversion)
    return cst.FlattenSentinel([cst.FormattedStringText(text), plain])
