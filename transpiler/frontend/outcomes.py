"""What running a piece of the project's code may change, followed through its calls.

An approximation on the safe side: what can't be told counts as a change, if something
is called and nothing is done with its result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from transpiler.diagnostics import TranspileError
from transpiler.frontend.checks import is_flow_object
from transpiler.frontend.mentions import Reference
from transpiler.frontend.regions import BUILDERS, Region, Regions
from transpiler.frontend.resolve import Entity, Global, Resolution, Resolver


@dataclass(slots=True, eq=False)
class Outcome:
    """What a call may do."""

    changed: set[Entity] = field(default_factory=set)
    returned: set[Entity] = field(default_factory=set)
    made: set[type] = field(default_factory=set)
    """The classes of which it makes instances."""

    receiver: set[tuple[str, ...]] = field(default_factory=set)
    """What it changes of the instance, or class, whose method it is."""

    arguments: bool = False
    """Whether it may change what is passed to it."""

    sets: bool = False
    """Whether it may assign attributes of what is passed to it."""

    runs: bool = False
    """Whether it may call what is passed to it."""

    def add(self, other: Outcome) -> None:
        """Take over what a call inside of this one changes."""
        self.changed |= other.changed

    @property
    def size(self) -> int:
        """A number that grows with each finding."""
        sets = (self.changed, self.returned, self.made, self.receiver)
        return sum(len(each) for each in sets) + self.arguments + self.sets + self.runs


@dataclass(frozen=True, slots=True)
class Made:
    """An instance of a class of the project, which nobody has seen yet."""

    kind: type


@dataclass(frozen=True, slots=True)
class Bound:
    """A method of the project, and what a call of it may return an instance of."""

    kinds: frozenset[type]


@dataclass(slots=True, eq=False)
class Outcomes:
    """What calls may do, in the modules of one project."""

    resolver: Resolver
    regions: Regions
    evaluate: Callable[[Outcomes, Region, Outcome], None]
    """What adds to an outcome all that a region does."""

    _final: dict[Region, Outcome] = field(default_factory=dict)
    _working: dict[Region, Outcome] = field(default_factory=dict)
    _visited: set[Region] = field(default_factory=set)

    def of(self, region: Region) -> Outcome:
        """Return what running a region may do."""
        size = -1
        while size != (size := sum(o.size for o in self._working.values())):
            # Functions that call each other: until nothing more is found.
            self._visited.clear()
            self.inner(region)
        self._final |= self._working
        self._working.clear()
        return self._final[region]

    def inner(self, region: Region) -> Outcome:
        """Return what is known so far of a region."""
        known = self._final.get(region)
        if known is not None:
            return known
        found = self._working.setdefault(region, Outcome())
        if region not in self._visited:
            self._visited.add(region)
            self.evaluate(self, region, found)
        return found

    def resolve(self, module: str, reference: Reference) -> Resolution | None:
        """Return what a reference stands for; None if it is no matter, or unknown."""
        try:
            found = self.resolver.resolve_reference(module, reference)
        except TranspileError:
            return None  # It is reported if the statement turns out to be needed.
        entity = found.entity if found is not None else None
        # Calling a step builds it, and runs nothing.
        flows = isinstance(entity, Global) and is_flow_object(self.resolver, entity)
        return None if flows else found

    def calling(self, entity: Global, value: object) -> Iterator[Outcome]:
        """Yield what calling a global does that is no class."""
        if not isinstance(value, type):
            yield from map(self.inner, self.regions.of_global(entity))

    def method(self, kind: type, name: str) -> list[Outcome]:
        """Return what calling a method of a class may do."""
        return [self.inner(region) for region in self.regions.methods(kind, name)]

    def changed_by(self, kind: type, name: str) -> set[Entity]:
        """Return which globals a method of a class changes."""
        regions = self.regions.methods(kind, name)
        return {entity for region in regions for entity in self.of(region).changed}

    def building(self, kind: type) -> Iterator[Outcome]:
        """Yield what making an instance may do."""
        for name in BUILDERS:
            if name == "__init_subclass__":
                continue
            yield from self.method(kind, name)
        yield from self.method(type(kind), "__call__")


def entity_of(kind: type) -> Global:
    """Return the global that holds a class, or the class that it stands in."""
    return Global(kind.__module__, kind.__qualname__.partition(".")[0])
