"""A module of the author's: its text, its statements, what each of them binds."""

from __future__ import annotations

import ast
import io
import sys
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import cast

import libcst as cst

from transpiler.diagnostics import refuse
from transpiler.frontend.imported import Imported, imported
from transpiler.frontend.mentions import Reference, Scan
from transpiler.frontend.scan import scan
from transpiler.frontend.scopes import (
    bindings,
    checked_only,
    last_name,
    plain_names,
    walk,
)
from transpiler.source import Span

StatementNode = cst.SimpleStatementLine | cst.BaseCompoundStatement


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A top-level statement; those in `if TYPE_CHECKING:` stand for themselves.

    `comments` are the comment lines directly above it. `imports` is what a plain import
    statement imports. `binds` are the global names that it binds where it stands.
    """

    module: str
    index: int
    node: StatementNode
    comments: tuple[str, ...]
    line: int
    end_line: int
    type_checking: bool
    imports: tuple[Imported, ...]
    binds: frozenset[str]
    cached: list[Scan] = field(default_factory=list)

    @property
    def scan(self) -> Scan:
        """What it refers to; read when first asked for."""
        if not self.cached:
            self.cached.append(scan([self.node]))
        return self.cached[0]

    def eager_imports(self, package: str) -> tuple[Imported, ...]:
        """Return what it imports when the module is imported, in compound ones too."""
        if self.imports or self.is_definition:
            return self.imports
        nodes = {id(b.statement): b.statement for b in bindings(self.node)}
        return tuple(
            found
            for node in nodes.values()
            if node
            for found in imported(node, package)
        )

    def run_imports(self, package: str) -> tuple[Imported, ...]:
        """Return what it imports when it runs: not what only type checkers see."""
        eager = self.eager_imports(package)
        if self.type_checking or self.imports or not eager:
            return () if self.type_checking else eager
        unseen = checked_only(self.node)
        return tuple(found for found in eager if id(found.node) not in unseen)

    @property
    def is_main_guard(self) -> bool:
        """Whether it is `if __name__ == "__main__":`, which never runs on import."""
        if not isinstance(self.node, cst.If):
            return False
        test = self.node.test
        return isinstance(test, cst.Comparison) and "__name__" in (
            last_name(test.left),
            last_name(test.comparisons[0].comparator),
        )

    @property
    def is_definition(self) -> bool:
        """Whether it is a function or a class."""
        return isinstance(self.node, (cst.FunctionDef, cst.ClassDef))


@dataclass(frozen=True, slots=True, eq=False)
class AuthorModule:
    """A source file of the author's, parsed once."""

    name: str
    path: Path
    text: str
    tree: cst.Module
    statements: tuple[Statement, ...]
    binders: dict[str, tuple[Statement, ...]]
    """The statements that bind each global name, in order."""

    lines: tuple[str, ...]
    comments: dict[int, str]
    """The lines that hold nothing but a comment, without their indentation."""

    cache: dict[str, object] = field(default_factory=dict)

    @property
    def is_package(self) -> bool:
        """Whether this is an `__init__.py`."""
        return self.path.name == "__init__.py"

    @property
    def package(self) -> str:
        """The package that its relative imports start from."""
        return self.name if self.is_package else self.name.rpartition(".")[0]

    @property
    def has_future_annotations(self) -> bool:
        """Whether annotations are not evaluated in it."""
        return any(
            found.module == "__future__" and found.name == "annotations"
            for statement in self.statements
            for found in statement.imports
        )

    @property
    def declared(self) -> frozenset[str]:
        """The names that its functions rebind, by `global`."""
        if "declared" not in self.cache:
            found = self.statements if "global " in self.text else ()
            names = frozenset(n for s in found for n in s.scan.declares)
            self.cache["declared"] = names
        return cast(frozenset[str], self.cache["declared"])

    def leading_comments(self, line: int) -> tuple[str, ...]:
        """Return the comment lines directly above a line, in order."""
        found: list[str] = []
        while (line := line - 1) in self.comments:
            found.append(self.comments[line])
        return tuple(reversed(found))

    def source_segment(self, span: Span) -> str:
        """Return the text of a span of this file."""
        lines = list(self.lines[span.line - 1 : span.end_line or span.line])
        if span.end_line:
            lines[-1] = lines[-1][: span.end_column]
        lines[0] = lines[0][span.column :]
        return "\n".join(lines)

    def span(self, statement: Statement) -> Span:
        """Return the place of a statement: its first line."""
        return Span(str(self.path), statement.line)

    def span_of(self, reference: Reference) -> Span:
        """Return the exact place of a reference. Slow: for diagnostics."""
        from libcst.metadata import MetadataWrapper, PositionProvider

        wrapper = MetadataWrapper(self.tree, unsafe_skip_copy=True)
        places = wrapper.resolve(PositionProvider)
        node = reference.string.node if reference.string else reference.nodes[-1]
        place = places.get(node)
        if place is None:
            return Span(str(self.path))
        start, end = place.start, place.end
        return Span(str(self.path), start.line, start.column, end.line, end.column)

    @property
    def stars(self) -> tuple[tuple[Statement, Imported], ...]:
        """The star imports, the last first: that one counts.

        Those under a condition too: their statement's `imports` is empty.
        """
        if "stars" not in self.cache:
            self.cache["stars"] = tuple(self._stars())
        return cast(tuple[tuple[Statement, Imported], ...], self.cache["stars"])

    def _stars(self) -> Iterator[tuple[Statement, Imported]]:
        if "import *" not in self.text:
            return
        for statement in reversed(self.statements):
            for part in () if statement.is_definition else walk(statement.node):
                if isinstance(part, cst.ImportFrom):
                    for found in imported(part, self.package):
                        if found.name == "*":
                            yield statement, found


def author_module(name_or_path: str | Path) -> AuthorModule:
    """Return the view of a module by its name in `sys.modules` or by its file.

    Raises TranspileError where it has no source that can be read.
    """
    if isinstance(name_or_path, Path) or name_or_path.endswith(".py"):
        path = Path(name_or_path)
        return read_module(_name_of(path), path)
    filename = getattr(sys.modules.get(name_or_path), "__file__", None)
    if filename is None:
        raise refuse("FLOW314", f"the source of the module {name_or_path} isn't known")
    return read_module(name_or_path, Path(filename))


def read_module(name: str, path: Path) -> AuthorModule:
    """Parse a module, unless its text was parsed before."""
    if path.suffix != ".py":
        raise refuse(
            "FLOW314",
            f"the module {name} has no Python source",
            span=Span(str(path)),
            hint="put its name into [tool.flowc] first-party as " + f'"!{name}"',
        )
    try:
        with tokenize.open(path) as file:
            text = file.read()
    except (OSError, SyntaxError, UnicodeError) as error:
        raise refuse(
            "FLOW314", f"the source of {name} can't be read: {error}"
        ) from error
    return _parse(name, path, text)


def _name_of(path: Path) -> str:
    path = path.resolve()
    for name, module in list(sys.modules.items()):
        filename = getattr(module, "__file__", None)
        if filename and name != "__main__" and Path(filename).resolve() == path:
            return name
    return path.stem


@lru_cache(maxsize=512)
def _parse(name: str, path: Path, text: str) -> AuthorModule:
    try:
        tree = plain_names(cst.parse_module(text), text)
        body = ast.parse(text).body
    except (cst.ParserSyntaxError, SyntaxError, RecursionError) as error:
        raise refuse(
            "FLOW314", f"the source of {name} can't be parsed: {error}"
        ) from error
    comments = _comment_lines(text)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    reader = _Reader(name, package, comments)
    reader.read(tree.body, body, False)
    binders = binders_of(reader.statements)
    lines = tuple(text.split("\n"))
    statements = tuple(reader.statements)
    return AuthorModule(name, path, text, tree, statements, binders, lines, comments)


def binders_of(statements: Iterable[Statement]) -> dict[str, tuple[Statement, ...]]:
    """Return the statements that bind each name."""
    binders: dict[str, tuple[Statement, ...]] = {}
    for statement in statements:
        for bound in statement.binds:
            binders[bound] = (*binders.get(bound, ()), statement)
    return binders


def statement_of(
    module: AuthorModule,
    around: Statement,
    index: int,
    node: StatementNode,
) -> Statement:
    """Make a part of a compound statement a top-level statement of its own."""
    above: Sequence[cst.EmptyLine] = getattr(node, "leading_lines", ())
    comments = tuple(line.comment.value for line in above if line.comment is not None)
    small = node.body[0] if isinstance(node, cst.SimpleStatementLine) else node
    imports: tuple[Imported, ...] = ()
    if isinstance(small, (cst.Import, cst.ImportFrom)):
        imports = tuple(imported(small, module.package))
    binds = frozenset(binding_names(node))
    return replace(
        around,
        index=index,
        node=node,
        comments=comments,
        imports=imports,
        binds=binds,
        cached=[],
    )


def _comment_lines(text: str) -> dict[int, str]:
    found: dict[int, str] = {}
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                line, column = token.start
                if not token.line[:column].strip():
                    found[line] = token.string
    except (tokenize.TokenError, IndentationError):  # The parser says it better.
        return {}
    return found


class _Reader:
    """Pairs libcst's statements with the line numbers of ast's."""

    def __init__(self, name: str, package: str, comments: dict[int, str]) -> None:
        self.name = name
        self.package = package
        self.comments = comments
        self.statements: list[Statement] = []

    def read(
        self,
        nodes: Sequence[cst.CSTNode],
        places: Sequence[ast.stmt],
        type_checking: bool,
    ) -> None:
        remaining = iter(places)
        for node in nodes:
            if isinstance(node, cst.SimpleStatementLine):
                parts = split_line(node)
                first = True
                for part in parts:
                    self._add(part, next(remaining), type_checking, first)
                    first = False
                continue
            assert isinstance(node, cst.BaseCompoundStatement)
            place = next(remaining)
            if is_type_checking(node):
                assert isinstance(node, cst.If)
                assert isinstance(place, ast.If)
                body = node.body.body
                if isinstance(node.body, cst.SimpleStatementSuite):
                    body = [cst.SimpleStatementLine([part]) for part in node.body.body]
                self.read(body, place.body, True)
            else:
                self._add(node, place, type_checking, True)

    def _add(
        self, node: StatementNode, place: ast.stmt, type_checking: bool, first: bool
    ) -> None:
        decorators: list[ast.expr] = getattr(place, "decorator_list", [])
        line = min([place.lineno, *(d.lineno for d in decorators)])
        imports: tuple[Imported, ...] = ()
        if isinstance(node, cst.SimpleStatementLine):
            small = node.body[0]
            if isinstance(small, (cst.Import, cst.ImportFrom)):
                imports = tuple(imported(small, self.package))
        self.statements.append(
            Statement(
                self.name,
                len(self.statements),
                node,
                self._comments_above(line) if first else (),
                line,
                place.end_lineno or place.lineno,
                type_checking,
                imports,
                frozenset(binding_names(node)) - {"*"},
            )
        )

    def _comments_above(self, line: int) -> tuple[str, ...]:
        found: list[str] = []
        while (line := line - 1) in self.comments:
            text = self.comments[line]
            if line <= 2 and (text.startswith("#!") or "coding" in text):
                break
            found.append(text)
        return tuple(reversed(found))


def binding_names(node: cst.CSTNode) -> Iterator[str]:
    """Yield the global names that a top-level statement binds."""
    for found in bindings(node):
        if found.how in ("name", "import"):
            yield found.name


def split_line(line: cst.SimpleStatementLine) -> list[cst.SimpleStatementLine]:
    """Give every statement of `a = 1; b = 2` a line of its own."""
    if len(line.body) == 1:
        return [line]
    parts = [
        cst.SimpleStatementLine(
            [small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT)]
        )
        for small in line.body
    ]
    parts[0] = parts[0].with_changes(leading_lines=line.leading_lines)
    trailing = line.trailing_whitespace
    parts[-1] = parts[-1].with_changes(trailing_whitespace=trailing)
    return parts


def is_type_checking(node: cst.CSTNode) -> bool:
    """Whether this is an `if TYPE_CHECKING:` without an `else`."""
    if not isinstance(node, cst.If) or node.orelse is not None:
        return False
    return last_name(node.test) == "TYPE_CHECKING"
