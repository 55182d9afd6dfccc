"""What a function of the author's does to the state, and outside: read, never run."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import FunctionType
from typing import Any

import libcst as cst

from transpiler.capture.markers import Leaf
from transpiler.frontend.scopes import children, walk
from transpiler.lint.effects import Effect, Kind, Lock, Reading, Within
from transpiler.lint.harmless import (
    can_fail,
    is_safe,
    is_told,
    leaves_early,
    looks_like_lock,
)
from transpiler.lint.names import Names
from transpiler.lint.places import Constant, Place, Value, state_of
from transpiler.lint.shapes import MAKING_LOCKS, acquired, same_length, takes
from transpiler.lint.subject import Source, Subject

DEPTH = 6
"""How many calls of the author's own functions are followed."""

_ADDING = ("append", "appendleft", "extend", "extendleft", "insert")


def read(
    subject: Subject,
    fn: object,
    state: Place | None,
    known: Mapping[str, Value],
) -> Reading:
    """Return what a leaf's function does.

    Parameters:
        subject: where the source is.
        fn: the plain function.
        state: what its first parameter is, if that is a part of the state.
        known: what is known of its other parameters, and of what it closes over.
    """
    reading = Reading()
    inner = inspect.unwrap(fn) if callable(fn) else None
    if isinstance(inner, FunctionType):
        if state is not None and state.type is None:
            state = state_of(inner, state.path)
        first = next(iter(inspect.signature(inner).parameters), None)
        values = {**known, first: state} if first else dict(known)
        _read_function(subject, inner, values, Within(), reading)
    return reading


def _read_function(
    subject: Subject,
    fn: FunctionType,
    values: Mapping[Any, Value],
    within: Within,
    reading: Reading,
) -> None:
    found = subject.definition(fn)
    if found is None or fn.__code__ in within.callers or len(within.callers) > DEPTH:
        return
    source, node = found
    callers = (*within.callers, fn.__code__)
    within = replace(within, callers=callers)
    _Reader(subject, source, fn, node, values, reading).body(node, within)


class _Reader:
    """Walks a function in the order of the source."""

    def __init__(
        self,
        subject: Subject,
        source: Source,
        fn: FunctionType,
        node: cst.FunctionDef | cst.Lambda,
        values: Mapping[str, Value],
        reading: Reading,
    ) -> None:
        self.subject = subject
        self.source = source
        self.fn = fn
        self.reading = reading
        self.names = Names(fn, node, values)

    def body(self, node: cst.FunctionDef | cst.Lambda, within: Within) -> None:
        if isinstance(node, cst.Lambda):
            self.visit(node.body, within)
            self.reading.returned.append(self.names.value(node.body))
        else:
            self.statements(node.body.body, within)

    def statements(self, nodes: Sequence[cst.CSTNode], within: Within) -> None:
        """Visit statements, knowing of each whether something may fail after it."""
        for index, node in enumerate(nodes):
            last = within.last and not any(map(can_fail, nodes[index + 1 :]))
            now = replace(within, last=last)
            if isinstance(node, cst.SimpleStatementLine):
                self.statements(node.body, now)
            else:
                self.visit(node, now)
            if leaves_early(node):
                within = replace(within, conditional=True)
            taken = frozenset(map(self._lock, acquired(node)))
            within = replace(within, locks=within.locks | taken)

    def visit(self, node: cst.CSTNode, within: Within) -> None:
        match node:
            case cst.IndentedBlock() | cst.SimpleStatementSuite():
                self.statements(node.body, within)
            case cst.If() | cst.IfExp() | cst.Match():
                inside = replace(within, conditional=True)
                for child in children(node):
                    self.visit(child, inside)
            case cst.Try() | cst.TryStar():
                self._try(node, within)
            case cst.With():
                self._with(node, within)
            case cst.For() | cst.While():
                quiet = not can_fail(node.body)
                if isinstance(node, cst.While):
                    quiet = quiet and not can_fail(node.test)
                self._children(node, replace(within, last=within.last and quiet))
            case cst.Assign():
                self.visit(node.value, within)
                for target in node.targets:
                    self._assigned(target.target, node.value, node, within)
            case cst.AnnAssign(value=cst.BaseExpression() as value):
                self.visit(value, within)
                self._assigned(node.target, value, node, within)
            case cst.AugAssign():
                self._augmented(node, within)
            case cst.Return(value=cst.BaseExpression() as value):
                self.visit(value, within)
                self.reading.returned.append(self.names.value(value))
            case cst.Raise():
                pass  # What it says is no statement of SQL.
            case cst.Call() if not is_told(node):
                last = within.last and is_safe(node)
                self._children(node, replace(within, last=last))
                self._call(node, within)
            case cst.Expr(value=cst.SimpleString() | cst.ConcatenatedString()):
                pass  # A docstring.
            case cst.SimpleString() | cst.ConcatenatedString() | cst.FormattedString():
                self._sql(node, within)
            case cst.Call() | cst.Lambda() | cst.ClassDef():
                pass  # A message; or what may run at any time, or never.
            case _:
                self._children(node, within)

    def _children(self, node: cst.CSTNode, within: Within) -> None:
        for child in children(node):
            self.visit(child, within)

    def _try(self, node: cst.Try | cst.TryStar, within: Within) -> None:
        after = bool(node.finalbody and can_fail(node.finalbody))
        last = within.last and not after
        inside = replace(within, last=last, caught=within.caught or bool(node.handlers))
        self.visit(node.body, inside)
        for handler in node.handlers:
            self.visit(handler.body, replace(within, last=last, conditional=True))
        if node.orelse is not None:
            self.visit(node.orelse.body, replace(within, last=last))
        if node.finalbody is not None:
            self.visit(node.finalbody.body, within)

    def _with(self, node: cst.With, within: Within) -> None:
        texts = [self.source.text(item.item) for item in node.items]
        locks = [item.item for item in node.items if self._is_lock(item.item)]
        suppressed = any("suppress" in text for text in texts)
        for item in node.items:
            self.visit(item.item, within)
        inside = replace(
            within,
            locks=within.locks.union(map(self._lock, locks)),
            caught=within.caught or suppressed,
            # A file or a connection may fail as it is closed; a lock does not.
            last=within.last and bool(locks),
        )
        self.visit(node.body, inside)

    def _is_lock(self, node: cst.BaseExpression) -> bool:
        """Whether something keeps others out: not one that nobody else has."""
        if isinstance(node, cst.Call) and self.names.object(node.func) in MAKING_LOCKS:
            return False
        if hasattr(self.names.object(node), "acquire"):
            return True
        place = self.names.value(node)
        kind = str(place.type) if isinstance(place, Place) else ""
        return looks_like_lock(self.source.text(node)) or looks_like_lock(kind)

    def _lock(self, node: cst.BaseExpression) -> Lock:
        """Return which lock it is, if that can be told."""
        place = self.names.value(node)
        if isinstance(place, Place):
            return place.path if place.is_certain else None
        found = self.names.object(node)
        return None if found is None else id(found)

    # What changes the state

    def _assigned(
        self,
        target: cst.BaseExpression,
        value: cst.BaseExpression,
        node: cst.CSTNode,
        within: Within,
        unpacked: bool = False,
    ) -> None:
        if isinstance(target, (cst.Tuple, cst.List)):
            if isinstance(value, cst.Tuple) and same_length(target, value):
                for one, other in zip(target.elements, value.elements, strict=True):
                    self._assigned(one.value, other.value, one.value, within)
                return
            for element in target.elements:
                self._assigned(element.value, value, node, within, True)
            return
        known = None if unpacked else self.names.value(value)
        if isinstance(target, cst.Name):
            self.names.assigned(target.value, known)
            return
        place = self.names.value(target)
        if isinstance(place, Place):
            kind: Kind = "set"
            if self._reads(value, place):
                # What is added to it is added again by a further attempt.
                again = isinstance(value, cst.BinaryOperation)
                kind = "change" if again else "update"
            known = known if isinstance(known, Constant) else None
            self._add(kind, place, target, node, within, known)

    def _reads(self, value: cst.CSTNode, place: Place) -> bool:
        """Whether an expression reads a part of the state."""
        for part in walk(value):
            match part:
                case cst.Attribute(value=owner, attr=cst.Name(value="get")):
                    # Of a dictionary, most likely for the key that is set.
                    found, path = self.names.value(owner), place.path[:-1]
                case cst.Attribute() | cst.Subscript() | cst.Name():
                    found, path = self.names.value(part), place.path
                case _:
                    continue
            if isinstance(found, Place) and found.path == path:
                return True
        return False

    def _augmented(self, node: cst.AugAssign, within: Within) -> None:
        self.visit(node.value, within)
        place = self.names.value(node.target)
        if not isinstance(place, Place) or isinstance(node.target, cst.Name):
            return
        displays = (
            cst.List,
            cst.ListComp,
            cst.Set,
            cst.SetComp,
            cst.Dict,
            cst.DictComp,
        )
        grows = place.grows_in_place or isinstance(node.value, displays)
        kind: Kind = "change"
        if isinstance(node.operator, (cst.BitOrAssign, cst.BitAndAssign)):
            if grows:
                return  # A union is one step for Python, and the same once or twice.
            kind = "update"
        elif grows and isinstance(node.operator, cst.AddAssign):
            kind = "add"
        self._add(kind, place, node.target, node, within)

    def _add(
        self,
        kind: Kind,
        place: Place,
        target: cst.CSTNode,
        node: cst.CSTNode,
        within: Within,
        value: Value = None,
    ) -> None:
        self.reading.effects.append(
            Effect(
                kind,
                place,
                self.source.text(target),
                self.source.span(node),
                self.fn.__name__,
                value,
                within.locks,
                within.conditional,
                within.caught,
                within.last,
                len(within.callers) > 1,
            )
        )

    # Calls

    def _call(self, node: cst.Call, within: Within) -> None:
        func = node.func
        if isinstance(func, cst.Attribute):
            owner = self.names.value(func.value)
            name = func.attr.value
            if isinstance(owner, Place):
                if (method := owner.method(name)) is not None:
                    self._follow(method, [owner], node, within)
                elif takes(node, name):
                    self._add("take", owner, func.value, node, within)
                elif name in _ADDING:
                    self._add("add", owner, func.value, node, within)
                elif name == "clear":
                    self._add("set", owner, func.value, node, within, Constant(()))
                return
        if isinstance(func, cst.Name) and func.value == "setattr":
            self._set_by_name(node, within)
        for argument in node.args:
            named = isinstance(argument.value, (cst.Name, cst.Attribute))
            known = self.names.value(argument.value) if named else None
            if isinstance(known, Constant) and isinstance(known.value, str):
                self._add("sql", Place(), argument.value, argument.value, within, known)
        if self._appends_to_file(node):
            self._add("open", Place(), node, node, within)
        called = self.names.object(func)
        if isinstance(called, Leaf):
            called = getattr(called, "_fn", None)
        if callable(called):
            called = inspect.unwrap(called)
        if isinstance(called, FunctionType):
            self._follow(called, [], node, within)

    def _set_by_name(self, node: cst.Call, within: Within) -> None:
        """Take note of `setattr(owner, "name", value)`."""
        match [self.names.value(argument.value) for argument in node.args]:
            case [Place() as owner, Constant(value=str(name)), value]:
                known = value if isinstance(value, Constant) else None
                self._add("set", owner.attribute(name), node, node, within, known)

    def _follow(
        self,
        fn: FunctionType,
        first: list[Value],
        node: cst.Call,
        within: Within,
    ) -> None:
        """Read a function that is called, with what its parameters get."""
        names = list(inspect.signature(fn).parameters)
        values: dict[str, Value] = dict(zip(names, first, strict=False))
        rest = names[len(first) :]
        for argument in node.args:
            if argument.star:
                break
            name = argument.keyword.value if argument.keyword else None
            if name is None:
                name = rest.pop(0) if rest else None
            if name is not None:
                values[name] = self.names.value(argument.value)
        _read_function(self.subject, fn, values, within, self.reading)

    def _appends_to_file(self, node: cst.Call) -> bool:
        """Whether this is `open(..., "a")`, or `.open("a")` of a path."""
        positional = [a.value for a in node.args if a.keyword is None and not a.star]
        modes = [a.value for a in node.args if a.keyword and a.keyword.value == "mode"]
        match node.func:
            case cst.Name(value="open") if "open" not in self.names.local:
                modes += positional[1:2]
            case cst.Attribute(attr=cst.Name(value="open")):
                modes += positional[:1]
            case _:
                return False
        mode = self.names.value(modes[0]) if modes else None
        text = mode.value if isinstance(mode, Constant) else None
        return (
            isinstance(text, str) and re.fullmatch(r"[bt+]*a[bt+]*", text) is not None
        )

    def _sql(self, node: cst.CSTNode, within: Within) -> None:
        self._add("sql", Place(), node, node, within)
        for child in children(node):
            if isinstance(child, cst.FormattedStringExpression):
                self.visit(child, within)
