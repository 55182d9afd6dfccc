"""What lints look at: the workflows of a file, and the author's modules."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FunctionType

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from transpiler.capture.files import function_node, lambda_node, position_of, span_at
from transpiler.diagnostics import TranspileError
from transpiler.frontend.imports import Place
from transpiler.frontend.modules import AuthorModule, read_module
from transpiler.frontend.scopes import walk
from transpiler.ir import nodes as ir
from transpiler.source import Span

Defined = cst.FunctionDef | cst.Lambda
"""A function in the source."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A module of the author's, and where each part of it stands."""

    module: AuthorModule
    positions: dict[cst.CSTNode, CodeRange]
    functions: dict[tuple[int, int], list[Defined]]

    @property
    def path(self) -> str:
        """The file, as spans name it."""
        return str(self.module.path)

    def span(self, node: cst.CSTNode) -> Span:
        """Return the exact place of a part of the module."""
        start, end = self.positions[node].start, self.positions[node].end
        return Span(self.path, start.line, start.column, end.line, end.column)

    def text(self, node: cst.CSTNode) -> str:
        """Return a part of the module on one line, as the author wrote it."""
        return " ".join(self.module.source_segment(self.span(node)).split())


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """The workflows of one file, before any pass, while their modules are loaded."""

    place: Place
    workflows: tuple[ir.Workflow, ...]
    _sources: dict[str, Source | None] = field(default_factory=dict)
    known: dict[object, object] = field(default_factory=dict)
    """What is remembered of functions that have been read."""

    def sources(self) -> Iterator[Source]:
        """Yield the modules of the author's project that the file imports, and it."""
        paths = {
            filename
            for module in list(sys.modules.values())
            if (filename := getattr(module, "__file__", None))
            and isinstance(filename, str)
            and filename.endswith(".py")
            and self.place.is_first_party(filename)
        }
        for path in sorted({*paths, str(self.place.path)}):
            source = self.source(path)
            if source is not None:
                yield source

    def source(self, path: str) -> Source | None:
        """Return one of the author's modules, or None if that is not the author's."""
        if path not in self._sources:
            self._sources[path] = self._read(path)
        return self._sources[path]

    def _read(self, path: str) -> Source | None:
        if not self.place.is_first_party(path):
            return None
        try:
            module = read_module(Path(path).stem, Path(path))
        except TranspileError:
            return None  # Made by exec, or a build error, which says it better.
        # The same for every workflow that imports it.
        if "lint" not in module.cache:
            module.cache["lint"] = _located(module)
        source = module.cache["lint"]
        assert isinstance(source, Source)
        return source

    def definition(self, fn: FunctionType) -> tuple[Source, Defined] | None:
        """Return the source of a function of the author's, if it can be read."""
        code = fn.__code__
        source = self.source(code.co_filename)
        if source is None:
            return None
        is_lambda = code.co_name == "<lambda>"
        place = lambda_node(code) if is_lambda else function_node(code)
        if place is None:
            return None
        span = span_at(code.co_filename, position_of(place))
        kind = cst.Lambda if is_lambda else cst.FunctionDef
        for node in source.functions.get((span.line, span.column), ()):
            if isinstance(node, kind):
                return source, node
        return None


def _located(module: AuthorModule) -> Source:
    wrapper = MetadataWrapper(module.tree, unsafe_skip_copy=True)
    positions = dict(wrapper.resolve(PositionProvider))
    functions: dict[tuple[int, int], list[Defined]] = {}
    for node in walk(module.tree):
        if isinstance(node, Defined):
            start = positions[node].start
            functions.setdefault((start.line, start.column), []).append(node)
    return Source(module, positions, functions)
