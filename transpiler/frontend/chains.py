"""What a chain such as `name.attribute()[0]` stands for, by the modules, and runs."""

from __future__ import annotations

import dis
from collections.abc import (
    Iterable,
    Iterator,
    MutableMapping,
    MutableSequence,
    MutableSet,
)
from dataclasses import dataclass
from types import FunctionType, ModuleType

from transpiler.frontend.aliases import contents
from transpiler.frontend.checks import runtime_value
from transpiler.frontend.outcomes import Bound, Made, Outcome, Outcomes, entity_of
from transpiler.frontend.regions import BUILDERS
from transpiler.frontend.resolve import Global

_CONTAINERS = (MutableMapping, MutableSequence, MutableSet)
_METHODS = (FunctionType, classmethod, staticmethod)
_MOST = 64
"""How many elements of a container are looked at."""


@dataclass(frozen=True, slots=True)
class Chains:
    """Follows chains in one region, and adds what they run to its outcome."""

    outcomes: Outcomes
    out: Outcome

    def keeps_state(self, entity: Global, value: object) -> bool:
        """Whether a function may change its defaults, or what it closed over."""
        if not isinstance(value, FunctionType):
            owner = getattr(value, "__self__", None)
            return owner is not None and not isinstance(owner, (type, ModuleType))
        defaults = (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values())
        if any(isinstance(x, _CONTAINERS) for x in defaults) and any(
            one.arguments for one in self.outcomes.calling(entity, value)
        ):
            return True
        kept = [*map(contents, value.__closure__ or ())]
        return any(isinstance(x, _CONTAINERS) for x in kept) or any(
            one.opname == "STORE_DEREF" and one.argval in value.__code__.co_freevars
            for one in dis.get_instructions(value.__code__)
        )

    def walk(
        self, entity: Global, links: tuple[str, ...], all_methods: bool = False
    ) -> tuple[bool, bool]:
        """Run what a chain calls. Return whether all of it is known, and changes."""
        values: list[object] = [runtime_value(entity)]
        known = changed = False
        for index, link in enumerate(links):
            known = known and link == "()"
            found: list[Outcome] = []
            following: list[object] = []
            if link == "()" and index == 0:
                found += self.outcomes.calling(entity, values[0])
            if link != "()":
                values = [*self._results(values)]
            for value in values:
                kind = self.kind(value)
                if isinstance(value, Bound):
                    following += map(Made, value.kinds)
                elif link.startswith("."):
                    inside = self._attribute(value, kind, link[1:], following)
                    behind = links[index + 1 : index + 2]
                    if inside is not None and _is_plain(kind, link[1:], behind):
                        following.append(Bound(frozenset()))
                    elif inside is not None and kind is not None:
                        known = True
                        kinds = {kind, *(k for one in inside for k in one.made)}
                        following.append(Bound(frozenset(kinds)))
                        self._take(inside, kind)
                        new = isinstance(value, Made)
                        changed |= self._changes(inside, kind, new)
                elif link == "()":
                    if isinstance(value, type) and kind is not None:
                        following.append(Made(kind))
                        shared = self._building(kind)
                        changed |= shared
                    elif kind is not None:
                        found += self.outcomes.method(kind, "__call__")
                        known |= "__call__" in self.outcomes.regions.names(kind)
                    elif index:
                        self.call(value)
                elif kind is not None and not isinstance(value, type):
                    for name in self.outcomes.regions.operators(kind, link == "*"):
                        found += self.outcomes.method(kind, name)
                else:
                    following += self.elements([value])
            for one in found:
                self.out.add(one)
                changed |= bool(one.receiver)
                following += map(Made, one.made)
            values = following
        for value in values if all_methods else ():
            kind = self.kind(value)
            if kind is not None:
                for name in self.outcomes.regions.names(kind) - set(BUILDERS):
                    for one in self.outcomes.method(kind, name):
                        self.out.add(one)
        return known, changed

    def _changes(self, outcomes: Iterable[Outcome], kind: type, new: bool) -> bool:
        """Whether methods change their instance or, if it is a new one, its class."""
        links = {found for one in outcomes for found in one.receiver}
        own = self._own(kind) if new else frozenset()
        return any(found[:1] and found[0] not in own for found in links)

    def _own(self, kind: type) -> frozenset[str]:
        """Return the attributes that each instance gets when it is made."""
        return frozenset(
            found[0]
            for one in self.outcomes.building(kind)
            for found in one.receiver
            if len(found) == 1
        )

    def _take(self, outcomes: Iterable[Outcome], kind: type) -> None:
        for one in outcomes:
            self.out.add(one)
            if any(links[:1] == (".__class__",) for links in one.receiver):
                self.out.changed.add(entity_of(kind))

    def _results(self, values: Iterable[object]) -> Iterator[object]:
        """Yield the values, properties as what they return."""
        for value in values:
            if isinstance(value, Bound):
                yield from map(Made, value.kinds)
            else:
                yield value

    def kind(self, value: object) -> type | None:
        """Return the class, if it is one of the project's or an instance of it."""
        if isinstance(value, Made):
            return value.kind
        kind = value if isinstance(value, type) else type(value)
        return kind if self.outcomes.regions.is_ours(kind) else None

    def _attribute(
        self, value: object, kind: type | None, name: str, following: list[object]
    ) -> list[Outcome] | None:
        """Return what reading, or calling, an attribute runs; None if it is unknown."""
        if kind is not None and name in self.outcomes.regions.names(kind):
            return self.outcomes.method(kind, name)
        places = [getattr(value, "__dict__", {})]
        places += map(vars, (kind or type(value)).__mro__)
        following += [place[name] for place in places if name in place][:1]
        return None

    def _building(self, kind: type) -> bool:
        """Run the making of an instance. Return whether it changes its class."""
        self.out.made.add(kind)
        own = self._own(kind)
        links: set[tuple[str, ...]] = set()
        for one in self.outcomes.building(kind):
            self.out.add(one)
            links |= one.receiver
        on_class = {
            found
            for region in self.outcomes.regions.methods(kind, "__new__")
            for found in self.outcomes.inner(region).receiver
        }
        shared = {found for found in links if len(found) > 1 and found[0] not in own}
        shared = {found for found in shared if found[0] != ".__dict__"}
        meta = self.outcomes.regions.names(type(kind))
        return bool(shared or on_class or "__call__" in meta)

    def call(self, value: object) -> None:
        """Run a function of the project that a container holds, or an attribute."""
        function = getattr(value, "__func__", value)
        if isinstance(function, FunctionType):
            module, name = function.__module__, function.__qualname__.split(".")[0]
            project = self.outcomes.resolver.project
            if module and project.is_first_party(module):
                entity = Global(module, name)
                for one in self.outcomes.calling(entity, None):
                    self.out.add(one)

    def elements(self, values: Iterable[object]) -> list[object]:
        found: list[object] = []
        for value in values:
            if isinstance(value, dict):
                found += list(value.values())[:_MOST]
            elif isinstance(value, (list, tuple, set, frozenset)):
                found += list(value)[:_MOST]
        return found


def _is_plain(kind: type | None, name: str, behind: tuple[str, ...]) -> bool:
    """Whether a method is not called, and no property."""
    if kind is None or behind == ("()",):
        return False
    found = next((vars(k)[name] for k in kind.__mro__ if name in vars(k)), None)
    return isinstance(found, _METHODS)
