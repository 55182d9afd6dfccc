"""Make one step of many like ones: what differs becomes variables of a loop.

Two steps are alike if they were written at the same place, so that a Python loop or a
comprehension of the author's built both, and call the same functions. What differs is
taken as the author wrote it where that is exact: `create(f"table_{i}")` differs in `i`.
Otherwise it is the value of the argument.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from types import FunctionType
from typing import Any, get_type_hints

from transpiler.capture.files import source_file
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import (
    Computed,
    Expression,
    Given,
    Item,
    Let,
    Source,
    evaluate,
    items_of,
)
from transpiler.ir.walk import nodes
from transpiler.passes.folding.columns import (
    Column,
    Differ,
    column,
    is_simple,
    rows,
    table,
    written,
)
from transpiler.source import NOWHERE


def unified(turns: Sequence[ir.Step]) -> ir.ForEach | None:
    """Return the loop that runs like steps one after another, or None."""
    made = [_attempt(turns, written_out) for written_out in (True, False)]
    as_written, as_values = made
    if as_written is None or as_values is None:
        best = as_written or as_values
    elif as_written.table is None and as_values.rank < as_written.rank:
        best = as_values
    else:
        best = as_written
    return best.loop if best is not None else None


def _attempt(turns: Sequence[ir.Step], written_out: bool) -> _Unifier | None:
    unifier = _Unifier(len(turns), written_out)
    try:
        unifier.run(turns)
    except Differ:
        return None
    return unifier


class _Unifier:
    """Goes through all turns at once.

    With `written_out` the author's expressions are kept, over their local names.
    """

    def __init__(self, count: int, written_out: bool) -> None:
        self.count = count
        self.written_out = written_out
        self.found: dict[tuple[str, ...], Column] = {}
        self.alias: dict[Item | Let, Item | Let] = {}
        self.modules: dict[str, dict[str, Any]] = {}
        self.table: ir.Extract | None = None

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(self.found.values())

    @property
    def rank(self) -> tuple[bool, int]:
        """How well the loop reads: numbers and strings do, and fewer of them do."""
        simple = all(each.is_simple for each in self.columns)
        return not simple, len(self.columns)

    def run(self, turns: Sequence[ir.Step]) -> None:
        body = self.unify(turns, "value")
        if _wants_literals(body, {each.item for each in self.columns}):
            raise Differ
        columns = self.columns
        if columns:
            self.table = table(columns, self.modules)
        items = self.table or rows(columns, self.count)
        # What is said above the first step is said of all of them.
        span = next((n.span for n in nodes(body) if n.span != NOWHERE), NOWHERE)
        match columns:
            case ():
                self.loop = ir.ForEach(items, Item("_"), (), body, span=span)
            case (only,):
                self.loop = ir.ForEach(items, only.item, (), body, span=span)
            case _:
                parts = tuple(each.item for each in columns)
                self.loop = ir.ForEach(items, Item("row"), (), body, parts, span=span)

    def unify(self, parts: Sequence[Any], name: str) -> Any:
        """Return what stands for all parts; `name` is what they are for."""
        first = parts[0]
        if all(part is first for part in parts):
            return first
        if isinstance(first, (Given, Item, Let, Computed)):
            return self.expression(parts, name)
        if any(type(part) is not type(first) for part in parts):
            raise Differ
        match first:
            case (str(), Given() | Item() | Let() | Computed()):
                # A name and its value, as of a closure.
                if any(part[0] != first[0] for part in parts):
                    raise Differ
                return first[0], self.unify([part[1] for part in parts], first[0])
            case tuple():
                if any(len(part) != len(first) for part in parts):
                    raise Differ
                each = zip(*parts, strict=True)
                return tuple(self.unify(column, name) for column in each)
            case ir.Argument(keyword=keyword, parameter=parameter):
                if any(x.keyword != keyword for x in parts):
                    raise Differ
                value = self.unify([x.value for x in parts], parameter)
                return ir.Argument(value, keyword, parameter)
            case ir.Function():
                return self.function(parts)
            case ir.Composite(parameters=()):
                # It is written out: what it was called with is in its step.
                self.same([x.function for x in parts])
                step = self.unify([x.step for x in parts], name)
                return replace(first, arguments=(), step=step)
            case ir.HandlerFunction():
                return self.handler(parts)
            case ir.ForEach():
                return self.loop_in(parts)
            case ir.Exceptions(types=types):
                if any(x.types != types for x in parts):
                    raise Differ
                return first
            case ir.UpTo() | ir.Backoff():
                # The words of the log depend on it.
                self.same([_values(part) for part in parts])
                return first
            case ir.Node():
                return self.node(parts)
            case _ if all(part == first for part in parts):
                return first
            case _:
                raise Differ

    def node(self, parts: Sequence[Any]) -> Any:
        first = parts[0]
        changes = {}
        for field in fields(first):
            if field.name != "span":
                values = [getattr(part, field.name) for part in parts]
                changes[field.name] = self.unify(values, field.name)
        return replace(first, **changes)

    def same(self, parts: Sequence[Any]) -> Any:
        """Return what stands for all parts, which must not differ."""
        # What differs as something else does would need no column of its own.
        known, self.found = self.found, {}
        made = self.unify(parts, "value")
        if self.found:
            raise Differ
        self.found = known
        return made

    def function(self, parts: Sequence[ir.Function]) -> ir.Function:
        first = parts[0]
        for part in parts:
            if part.name != first.name or not _are_same(
                first.fn, part.fn, defaults=not first.defaults
            ):
                raise Differ
        if isinstance(first.fn, FunctionType):
            self.modules.setdefault(first.fn.__code__.co_filename, first.fn.__globals__)
        captured = self.unify([part.captured for part in parts], "value")
        defaults = self.unify([part.defaults for part in parts], "value")
        return replace(first, captured=captured, defaults=defaults)

    def handler(self, parts: Sequence[ir.HandlerFunction]) -> ir.HandlerFunction:
        first = parts[0]
        if any(not _are_same(first.fn, part.fn) for part in parts):
            raise Differ
        self.same([(*part.captured, *part.defaults) for part in parts])
        self.same([part.on for part in parts])
        return first

    def loop_in(self, parts: Sequence[ir.ForEach]) -> ir.ForEach:
        """Return the loop that stands for the loops in all turns."""
        first = parts[0]
        for part in parts:
            if len(part.lets) != len(first.lets):
                raise Differ
            self.alias[part.item] = first.item
            self.alias.update(zip(part.parts, first.parts, strict=True))
        # Its lets are known by their identity, so they must not differ.
        for lets in zip(*(part.lets for part in parts), strict=True):
            self.same([let.value for let in lets])
            self.alias.update(dict.fromkeys(lets, lets[0]))
        items = self.unify([part.items for part in parts], "items")
        body = self.unify([part.body for part in parts], "value")
        return replace(first, items=items, body=body)

    def expression(self, parts: Sequence[Expression], name: str) -> Expression:
        first = parts[0]
        match first:
            case Item() | Let():
                meant = {
                    self.alias.get(x, x) for x in parts if isinstance(x, Item | Let)
                }
                if meant != {self.alias.get(first, first)}:
                    raise Differ
                return first
            case Computed(source):
                sources = [x.source for x in parts if isinstance(x, Computed)]
                return Computed(self.source(source, sources))
            case Given():
                given = [x for x in parts if isinstance(x, Given)]
                if len(given) != self.count:
                    raise Differ
                return self.given(given, name)

    def source(self, first: Source, sources: Sequence[Source]) -> Source:
        """Return the expression that stands for all, over the variables of the loop."""
        if len(sources) != self.count or any(
            x.text != first.text
            or x.globals is not first.globals
            or x.names.keys() != first.names.keys()
            for x in sources
        ):
            raise Differ
        self.modules.setdefault(first.span.path, first.globals)
        names = {
            name: self.unify([x.names[name] for x in sources], name)
            for name in first.names
        }
        return replace(first, names=names)

    def given(self, parts: Sequence[Given], name: str) -> Expression:
        first = parts[0]
        if all(x.value is first.value for x in parts):
            return first
        texts = tuple(written(x.value) for x in parts)
        if len(set(texts)) == 1:
            return first
        kept = self.kept(parts) if self.written_out else None
        if kept is not None:
            return kept
        if texts not in self.found:
            self.found[texts] = column(name, [x.value for x in parts])
        return self.found[texts].item

    def kept(self, parts: Sequence[Given]) -> Expression | None:
        """Return the author's expression over the loop's variables if it is exact."""
        sources = [x.source for x in parts if x.source is not None]
        if len(sources) != self.count or not sources[0].names:
            return None
        first = sources[0]
        file = source_file(first.span.path)
        read = (first.reads - first.names.keys()) & first.globals.keys()
        if first.calls or first.is_lambda or file is None or not read <= file.constants:
            return None
        before = dict(self.found)
        try:
            made = self.source(first, sources)
            for index, part in enumerate(parts):
                row: dict[Item | Let, Any] = {
                    x.item: x.values[index] for x in self.columns
                }
                if written(evaluate(Computed(made), row)) != written(part.value):
                    raise Differ
            if not all(map(_reads_well, made.names.values())):
                raise Differ
        except Differ:
            self.found = before
            return None
        if first.text in first.names:
            return made.names[first.text]
        return Computed(made)


def _reads_well(local: Expression) -> bool:
    """Whether what a local name stands for may be put into an expression."""
    return not isinstance(local, Given) or is_simple(local.value)


def _values(node: ir.Node) -> tuple[Any, ...]:
    return tuple(getattr(node, x.name) for x in fields(node) if x.name != "span")


def _are_same(one: Any, other: Any, *, defaults: bool = True) -> bool:
    """Whether two functions are the same but for the values that they close over.

    Without `defaults`, those are not looked at either.
    """
    if one is other:
        return True
    return (
        isinstance(one, FunctionType)
        and isinstance(other, FunctionType)
        and one.__code__ is other.__code__
        and one.__globals__ is other.__globals__
        and (not defaults or one.__defaults__ is other.__defaults__)
        and (not defaults or one.__kwdefaults__ is other.__kwdefaults__)
    )


def _wants_literals(body: ir.Step, items: set[Item | Let]) -> bool:
    """Whether a parameter that takes but certain literals is given one of the items.

    A type checker knows of a loop's variable only that it is a string, say.
    """
    for node in nodes(body):
        if not isinstance(node, ir.Call):
            continue
        for argument in node.arguments:
            if items_of(argument.value) & items:
                hints = _hints(node.function.fn)
                if "Literal" in repr(hints.get(argument.parameter)):
                    return True
    return False


def _hints(fn: Any) -> dict[str, Any]:
    try:
        return get_type_hints(fn)
    except Exception:
        # A forward reference that is for type checkers only.
        return dict(getattr(fn, "__annotations__", {}))
