"""What names and expressions of a function stand for, without running it."""

from __future__ import annotations

import ast
import inspect
from collections import Counter
from collections.abc import Mapping
from types import FunctionType, ModuleType

import libcst as cst

from transpiler.capture.functions import contents
from transpiler.capture.markers import Leaf
from transpiler.frontend.scopes import bindings, parameters
from transpiler.lint.places import Constant, Place, Value, constant


class Names:
    """The names of a function: its parameters, its local names, and what is global."""

    def __init__(
        self,
        fn: FunctionType,
        node: cst.FunctionDef | cst.Lambda,
        values: Mapping[str, Value],
    ) -> None:
        self.fn = fn
        self.bound = Counter(bound.name for bound in bindings(node.body))
        self.local = {p.name.value for p in parameters(node.params)} | set(self.bound)
        given = {**_defaults(fn), **values}
        # A parameter that is bound anew is not what was given.
        self.values = {n: v for n, v in given.items() if n not in self.bound}

    def assigned(self, name: str, value: Value) -> None:
        """Take note of an assignment; a name that is bound twice is not known."""
        if self.bound[name] == 1:
            self.values[name] = value

    def value(self, node: cst.CSTNode) -> Value:
        """Return what can be told of an expression without running it."""
        match node:
            case cst.Name(value="True" | "False" | "None" as name):
                return Constant(ast.literal_eval(name))
            case cst.Name(value=name):
                if name in self.values:
                    return self.values[name]
                known = None if name in self.local else self.fn.__globals__.get(name)
                return constant(known) if known is not None else None
            case cst.Attribute(value=value, attr=cst.Name(value=name)):
                owner = self.value(value)
                return owner.attribute(name) if isinstance(owner, Place) else None
            case cst.Subscript(value=value, slice=[cst.SubscriptElement(slice=inner)]):
                owner = self.value(value)
                key = self.value(inner.value) if isinstance(inner, cst.Index) else None
                return owner.element(key) if isinstance(owner, Place) else None
            case cst.SimpleString() | cst.Integer() | cst.Float():
                return constant(node.evaluated_value)
        return None

    def object(self, node: cst.CSTNode) -> object:
        """Return the function or module that a name stands for, or None."""
        match node:
            case cst.Name(value=name) if name in self.local:
                return None
            case cst.Name(value=name):
                closed = dict(
                    zip(
                        self.fn.__code__.co_freevars,
                        map(contents, self.fn.__closure__ or ()),
                        strict=False,
                    )
                )
                return closed.get(name, self.fn.__globals__.get(name))
            case cst.Attribute(value=value, attr=cst.Name(value=name)):
                owner = self.object(value)
                if isinstance(owner, Leaf) and name == "fn":
                    return owner
                if isinstance(owner, (ModuleType, type)):
                    return inspect.getattr_static(owner, name, None)
        return None


def _defaults(fn: FunctionType) -> dict[str, Value]:
    return {
        p.name: constant(p.default)
        for p in inspect.signature(fn).parameters.values()
        if p.default is not inspect.Parameter.empty
    }
