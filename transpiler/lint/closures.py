"""FLOW505: functions made in a loop that all see its last turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import libcst as cst

from transpiler.diagnostics import Diagnostic, Note
from transpiler.frontend.scopes import (
    bindings,
    children,
    parameters,
    target_names,
    walk,
)
from transpiler.lint.subject import Source, Subject

Kind = TypeVar("Kind", bound=cst.CSTNode)

_KEEPING = frozenset({"append", "appendleft", "add", "insert", "setdefault", "put"})


def late_closures(subject: Subject) -> Iterator[Diagnostic]:
    """Find functions that are kept beyond the turn of a loop whose names they read.

    A combinator takes what a function closes over when it is called: in the turn of a
    loop the value of that turn, after the loop the last one.
    """
    for source in subject.sources():
        for node in walk(source.module.tree):
            match node:
                case cst.For():
                    yield from _of_for(source, node)
                case cst.ListComp() | cst.SetComp() | cst.GeneratorExp():
                    loop = _Loop(source, node.for_in.target, _targets(node.for_in))
                    yield from loop.judged(node.elt)
                case cst.DictComp():
                    loop = _Loop(source, node.for_in.target, _targets(node.for_in))
                    yield from loop.judged(node.value)


@dataclass(frozen=True, slots=True)
class _Loop:
    """A loop: its target, and the names that have another value in each turn."""

    source: Source
    target: cst.CSTNode
    names: frozenset[str]

    def judged(self, kept: cst.CSTNode) -> Iterator[Diagnostic]:
        """Report a function that is kept, if it reads one of the names."""
        match kept:
            case cst.Tuple() | cst.List():
                for element in kept.elements:
                    yield from self.judged(element.value)
            case cst.Lambda() | cst.FunctionDef():
                late = next((n for n in _free(kept) if n.value in self.names), None)
                if late is not None:
                    yield self._finding(kept, late)

    def _finding(self, kept: cst.CSTNode, late: cst.Name) -> Diagnostic:
        what = "lambda" if isinstance(kept, cst.Lambda) else "function"
        name = late.value
        return Diagnostic(
            self.source.span(late),
            "FLOW505",
            f"every turn of the loop makes such a {what}, and all of them see the last"
            f" {name}: they are used after the loop",
            f"keep the value of the turn, with a parameter {name}={name}, or give the"
            " function to its combinator within the loop",
            (Note(self.source.span(self.target), "the loop goes on here"),),
            "warning",
        )


def _of_for(source: Source, node: cst.For) -> Iterator[Diagnostic]:
    loop = _Loop(source, node.target, _changing(node))
    made = {bound.name for bound in bindings(node.body)}
    functions = {f.name.value: f for f in _statements(node.body, cst.FunctionDef)}
    used = {
        name.value
        for call in _statements(node.body, cst.Call)
        if not _keeps(call, made)
        for argument in call.args
        for name in walk(argument)
        if isinstance(name, cst.Name)
    }
    for kept in _kept(node.body, made):
        if isinstance(kept, cst.Name):
            # A def that is also given to a call has been used in its turn.
            found = functions.get(kept.value)
            if found is not None and kept.value not in used:
                yield from loop.judged(found)
        else:
            yield from loop.judged(kept)


def _kept(body: cst.CSTNode, made: set[str]) -> Iterator[cst.CSTNode]:
    """Yield what the turn of a loop puts into something that is there before it."""
    for call in _statements(body, cst.Call):
        if _keeps(call, made):
            yield from (argument.value for argument in call.args)
    for assignment in _statements(body, cst.Assign):
        for target in assignment.targets:
            match target.target:
                case cst.Subscript(value=cst.Name(value=owner)) if owner not in made:
                    yield assignment.value
    for added in _statements(body, cst.AugAssign):
        if isinstance(added.value, (cst.List, cst.Tuple)):
            yield added.value


def _keeps(call: cst.Call, made: set[str]) -> bool:
    """Whether this adds to a collection that the turn has not made itself."""
    match call.func:
        case cst.Attribute(value=cst.Name(value=owner), attr=cst.Name(value=method)):
            return method in _KEEPING and owner not in made
        case cst.Attribute(attr=cst.Name(value=method)):
            return method in _KEEPING
        case _:
            return False


def _changing(node: cst.For) -> frozenset[str]:
    """Return the names that depend on the turn of a loop."""
    names = {name.value for name in target_names(node.target)}
    for assignment in _statements(node.body, cst.Assign):
        read = {n.value for n in walk(assignment.value) if isinstance(n, cst.Name)}
        if read & names:
            for target in assignment.targets:
                names |= {name.value for name in target_names(target.target)}
    return frozenset(names)


def _targets(loop: cst.CompFor) -> frozenset[str]:
    names = {name.value for name in target_names(loop.target)}
    return frozenset(
        names | (_targets(loop.inner_for_in) if loop.inner_for_in else set())
    )


def _statements(body: cst.CSTNode, kind: type[Kind]) -> Iterator[Kind]:
    """Yield parts of a kind that run in the turn itself, not in a function of its."""
    for child in children(body):
        if isinstance(child, kind):
            yield child
        if not isinstance(child, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
            yield from _statements(child, kind)


def _free(node: cst.Lambda | cst.FunctionDef) -> Iterator[cst.Name]:
    """Yield the names that a function reads and does not bind, in order."""
    own = {p.name.value for p in parameters(node.params)}
    own |= {bound.name for bound in bindings(node.body)}
    for name in _names(node.body):
        if name.value not in own:
            yield name


def _names(node: cst.CSTNode) -> Iterable[cst.Name]:
    match node:
        case cst.Name():
            yield node
        case cst.Attribute(value=value):
            yield from _names(value)
        case cst.Arg(value=value):
            yield from _names(value)
        case cst.Lambda() | cst.FunctionDef():
            yield from _free(node)
        case cst.ListComp() | cst.SetComp() | cst.GeneratorExp() | cst.DictComp():
            own = _targets(node.for_in)
            inside = (name for child in children(node) for name in _names(child))
            yield from (name for name in inside if name.value not in own)
        case _:
            for child in children(node):
                yield from _names(child)
