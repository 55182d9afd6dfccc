"""How a piece of code uses each name in it: reads it, passes it on, changes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import libcst as cst

from transpiler.frontend.scopes import children, parameters, target_names, walk

How = Literal["read", "keep", "change", "drop", "decorate", "enter", "pass"]
RETURNED = "return"
"""What stands for a function's result among the names that a value is kept in."""


@dataclass(frozen=True, slots=True, eq=False)
class Callee:
    """What a value is passed to: the chain in front of the parentheses."""

    root: cst.Name | None
    links: tuple[str, ...]
    dropped: bool
    """Whether nothing is done with the result."""

    used: bool
    """Whether the chain goes on behind the parentheses, or is assigned to."""


@dataclass(frozen=True, slots=True, eq=False)
class Usage:
    """A name with what follows it, such as `root.attr()[0]`: `.attr`, `()`, `[]`.

    A value is kept `into` names of the code, or none that is known; it is passed `to`.
    """

    root: cst.Name
    links: tuple[str, ...]
    how: How
    into: tuple[str, ...] = ()
    to: Callee | None = None
    later: bool = False
    """Whether it stands in a function that a call only makes, and returns."""


def usages_of_call(node: cst.FunctionDef) -> tuple[Usage, ...]:
    """Return how a function uses names when it is called; in nested code, too."""
    reader = _Reader(True, _only_returned(node))
    reader.function(node)
    return tuple(reader.found)


def usages_of(node: cst.CSTNode, bodies: bool) -> tuple[Usage, ...]:
    """Return how a statement uses names, in the bodies of functions, too, or not."""
    reader = _Reader(bodies)
    reader.visit(node)
    return tuple(reader.found)


def _only_returned(node: cst.FunctionDef) -> frozenset[str]:
    """Return the names that a function does nothing with but to return them."""
    uses: dict[str, int] = {}
    returned: dict[str, int] = {}
    for part in walk(node.body):
        if isinstance(part, cst.Name):
            uses[part.value] = uses.get(part.value, 0) + 1
        if isinstance(part, cst.Return) and isinstance(part.value, cst.Name):
            returned[part.value.value] = returned.get(part.value.value, 0) + 1
    # One more is where it is defined.
    return frozenset(n for n, times in returned.items() if uses[n] == times + 1)


@dataclass(slots=True)
class _Reader:
    bodies: bool
    returned: frozenset[str] = frozenset()
    later: bool = False
    found: list[Usage] = field(default_factory=list)

    def visit(self, node: cst.CSTNode) -> None:
        """Read a statement, or anything that is no expression."""
        match node:
            case cst.Annotation() | cst.Import() | cst.ImportFrom() | cst.Global():
                pass
            case cst.Decorator():
                self.expression(node.decorator, "decorate")
            case cst.FunctionDef():
                for decorator in node.decorators:
                    self.visit(decorator)
                if self.bodies:
                    outer, self.later = self.later, self._is_later(node)
                    self.function(node)
                    self.later = outer
                else:
                    self._defaults(node.params, "read")
            case cst.Expr(value=value):
                self.expression(value, "drop")
            case cst.Return(value=value) if value is not None:
                self.expression(value, "keep", (RETURNED,))
            case cst.Assign():
                names: list[str] = []
                for target in node.targets:
                    names += self._target(target.target)
                self.expression(node.value, "keep", tuple(names))
            case cst.AnnAssign():
                names = self._target(node.target)
                if node.value is not None:
                    self.expression(node.value, "keep", tuple(names))
            case cst.AugAssign():
                self.expression(node.target, "change")
                self.expression(node.value, "read")
            case cst.Del(target=target):
                self._target(target)
            case cst.For(target=target, iter=iterated) | cst.CompFor(
                target=target, iter=iterated
            ):
                self.expression(iterated, "keep", tuple(self._target(target)))
                for part in children(node):
                    if part is not iterated and part is not target:
                        self.visit(part)
            case cst.WithItem():
                names = self._target(node.asname.name) if node.asname else []
                self.expression(node.item, "enter", tuple(names))
            case cst.BaseExpression():
                self.expression(node, "read")
            case _:
                for part in children(node):
                    self.visit(part)

    def _is_later(self, node: cst.FunctionDef) -> bool:
        return self.later or node.name.value in self.returned

    def function(self, node: cst.FunctionDef | cst.Lambda) -> None:
        """Read what runs when a function is called; its defaults are kept values."""
        self._defaults(node.params, "keep")
        if isinstance(node, cst.Lambda):
            self.expression(node.body, "keep", (RETURNED,))
        else:
            self.visit(node.body)

    def _defaults(self, params: cst.Parameters, how: How) -> None:
        for param in parameters(params):
            if param.default is not None:
                self.expression(param.default, how, (param.name.value,))

    def _target(self, node: cst.CSTNode) -> list[str]:
        match node:
            case cst.Attribute() | cst.Subscript():
                self.expression(node, "change")
            case cst.Tuple(elements=elements) | cst.List(elements=elements):
                for element in elements:
                    self._target(element.value)
        return [name.value for name in target_names(node)]

    def expression(
        self,
        node: cst.CSTNode,
        how: How,
        into: tuple[str, ...] = (),
        to: Callee | None = None,
    ) -> None:
        """Read an expression whose value is used in some way."""
        match node:
            case cst.Name():
                self.found.append(Usage(node, (), how, into, to, self.later))
            case cst.Attribute() | cst.Subscript() | cst.Call() | cst.Await():
                self._chain(node, how, into, to)
            case cst.IfExp():
                self.expression(node.test, "read")
                self.expression(node.body, how, into, to)
                self.expression(node.orelse, how, into, to)
            case cst.NamedExpr():
                names = (*into, *(n.value for n in target_names(node.target)))
                self.expression(node.value, "keep", names)
            case cst.Lambda():
                # One that is only kept isn't called here.
                if self.bodies or how != "keep":
                    self.function(node)
            case cst.ListComp() | cst.SetComp() | cst.GeneratorExp() | cst.DictComp():
                self.visit(node.for_in)
                if isinstance(node, cst.DictComp):
                    self.expression(node.key, "keep", into)
                    self.expression(node.value, "keep", into)
                else:
                    assert isinstance(
                        node, (cst.ListComp, cst.SetComp, cst.GeneratorExp)
                    )
                    self.expression(node.elt, "keep", into)
            case cst.Yield(value=value) if value is not None:
                value = value.item if isinstance(value, cst.From) else value
                self.expression(value, "keep", (*into, RETURNED))
            case cst.BinaryOperation() | cst.Comparison() | cst.UnaryOperation():
                for part in children(node):
                    self.visit(part)
            case cst.FormattedString() | cst.ConcatenatedString():
                for part in children(node):
                    self.visit(part)
            case cst.BaseExpression():
                # A display, or what chooses between its parts.
                for part in children(node):
                    self.expression(part, how, into, to)
            case cst.BaseElement() | cst.BaseDictElement() | cst.From():
                for part in children(node):
                    self.expression(part, how, into, to)
            case _:
                self.visit(node)

    def _chain(
        self,
        node: cst.CSTNode,
        how: How,
        into: tuple[str, ...],
        to: Callee | None,
        behind_it: tuple[str, ...] = (),
    ) -> None:
        links: list[str] = []
        calls: list[tuple[int, cst.Call]] = []
        inner = node
        while True:
            if isinstance(inner, cst.Attribute):
                links.append(f".{inner.attr.value}")
                inner = inner.value
            elif isinstance(inner, cst.Subscript):
                links.append("[]")
                for element in inner.slice:
                    self.visit(element)
                inner = inner.value
            elif isinstance(inner, cst.Call):
                calls.append((len(links), inner))
                links.append("()")
                inner = inner.func
            elif isinstance(inner, cst.Await):
                inner = inner.expression
            else:
                break
        links.reverse()
        root = inner if isinstance(inner, cst.Name) else None
        if root is not None:
            after = (*links, *behind_it)
            self.found.append(Usage(root, after, how, into, to, self.later))
        else:
            self._behind(inner, (*links, *behind_it), how, into, to)
        for behind, call in calls:
            before = tuple(links[: len(links) - 1 - behind])
            dropped = how in ("drop", "decorate") and not behind
            callee = Callee(root, before, dropped, bool(behind) or how == "change")
            for argument in call.args:
                self.expression(argument.value, "pass", (), callee)

    def _behind(
        self,
        node: cst.CSTNode,
        links: tuple[str, ...],
        how: How,
        into: tuple[str, ...],
        to: Callee | None,
    ) -> None:
        """Read `(a or b)` in front of `.c()`: the chain may start with each of them."""
        parts: tuple[cst.CSTNode, ...] = ()
        match node:
            case cst.BooleanOperation(left=left, right=right):
                parts = (left, right)
            case cst.IfExp(test=test, body=body, orelse=orelse):
                self.expression(test, "read")
                parts = (body, orelse)
            case cst.NamedExpr(value=value):
                self.expression(node, "keep")
                parts = (value,)
            case cst.Name() | cst.Attribute() | cst.Subscript() | cst.Call():
                self._chain(node, how, into, to, links)
            case _:
                changed = links and how in ("change", "drop")
                self.expression(node, "change" if changed else "read")
        for part in parts:
            self._behind(part, links, how, into, to)
