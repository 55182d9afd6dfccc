"""Which names share an object that can change, by what the imported modules hold.

The source says that `register(f)` calls something; that this appends to a list which
another module calls HANDLERS, often only the objects tell: it is a default, a closure's
variable, an attribute of an instance or of its class.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, MutableMapping, MutableSequence, MutableSet
from dataclasses import dataclass, field
from types import BuiltinMethodType, FunctionType, MethodType

from transpiler.frontend.checks import flow_value, runtime_value
from transpiler.frontend.resolve import Global, Resolver

_DEEPEST = 3
_CONTAINERS = (MutableMapping, MutableSequence, MutableSet)


@dataclass(slots=True, eq=False)
class Aliases:
    """The objects that the globals of one project's modules share."""

    resolver: Resolver
    _holders: dict[int, set[Global]] = field(default_factory=dict)
    _kept: list[object] = field(default_factory=list)

    def of(self, entity: Global) -> frozenset[Global]:
        """Return the globals that may change when this one is changed, or called."""
        if not self._holders:
            self._holders[0] = set()
            self._find()
        shared = (self._holders.get(id(x), ()) for x in self._parts(entity))
        return frozenset(other for holders in shared for other in holders)

    def _find(self) -> None:
        names = [
            n for n in list(sys.modules) if self.resolver.project.is_first_party(n)
        ]
        for name in names:
            if name == "__main__" or not self.resolver.is_source(name):
                continue
            module = self.resolver.module(name)
            for bound, binders in module.binders.items():
                if all(statement.imports for statement in binders):
                    continue
                entity = Global(module.name, bound)
                for part in self._parts(entity):
                    self._holders.setdefault(id(part), set()).add(entity)
                    # An identity holds for as long as the object is there.
                    self._kept.append(part)

    def _parts(self, entity: Global) -> Iterator[object]:
        value = runtime_value(entity)
        if value is not None and not flow_value(value):
            yield from self._inside(value, 0)

    def _inside(self, value: object, depth: int) -> Iterator[object]:
        """Yield what can change of a value: itself, and what it is made of."""
        inner: list[object] = []
        if isinstance(value, _CONTAINERS):
            yield value
        elif isinstance(value, (MethodType, BuiltinMethodType)):
            inner = [value.__self__]
        elif isinstance(value, FunctionType):
            inner = [
                *(value.__defaults__ or ()),
                *(value.__kwdefaults__ or {}).values(),
            ]
            inner += [contents(cell) for cell in value.__closure__ or ()]
        elif isinstance(value, type) and self._is_ours(value):
            if not depth:
                yield value
            inner = [
                x
                for kind in value.__mro__
                if self._is_ours(kind)
                for x in vars(kind).values()
                if isinstance(x, _CONTAINERS)
            ]
        elif self._is_instance(value):
            yield value
            inner = [type(value), *getattr(value, "__dict__", {}).values()]
        if depth < _DEEPEST:
            for part in inner:
                yield from self._inside(part, depth + 1)

    def _is_instance(self, value: object) -> bool:
        kind = type(value)
        return not isinstance(value, (type, FunctionType)) and self._is_ours(kind)

    def _is_ours(self, kind: type) -> bool:
        name = kind.__module__
        return isinstance(name, str) and self.resolver.project.is_first_party(name)


def contents(cell: object) -> object:
    """Return what a variable holds that a function closed over."""
    try:
        return getattr(cell, "cell_contents", None)
    except ValueError:
        return None
