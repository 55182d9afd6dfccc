"""What a region of code does: to globals, to its arguments, to its instance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from transpiler.frontend.callees import (
    MUTATORS,
    READERS,
    Behaviour,
    is_setting,
    of_builtin,
    of_external,
    of_local,
)
from transpiler.frontend.chains import Chains
from transpiler.frontend.checks import runtime_value
from transpiler.frontend.mentions import Reference
from transpiler.frontend.outcomes import Outcome, Outcomes
from transpiler.frontend.regions import Region
from transpiler.frontend.resolve import (
    Builtin,
    Entity,
    External,
    Flow,
    Global,
    Resolution,
)
from transpiler.frontend.usages import RETURNED, Callee, Usage

_FIXED = (str, bytes, int, float, complex, frozenset, PurePath, re.Pattern)
"""What nothing can change."""


def evaluate(outcomes: Outcomes, region: Region, out: Outcome) -> None:
    """Add to an outcome all that running a region may do."""
    _Evaluation(outcomes, region, out, Chains(outcomes, out)).run()


@dataclass(slots=True, eq=False)
class _Evaluation:
    """One pass over a region, in the order of `run`."""

    outcomes: Outcomes
    region: Region
    out: Outcome
    chains: Chains
    sources: dict[str, list[Usage]] = field(default_factory=dict)
    locals: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    passed: set[int] = field(default_factory=set)
    """The functions that change what is passed to them."""

    def run(self) -> None:
        externals: list[tuple[Usage, External, bool]] = []
        for usage in self.region.usages:
            for name in usage.into:
                self.sources.setdefault(name, []).append(usage)
            found = self._resolved(usage.root)
            if found is None:
                if id(usage.root) not in self.region.references:
                    self._local(usage)
                continue
            entity, rest = found.entity, usage.links[found.used :]
            if isinstance(entity, Global):
                self._global(usage, entity, rest)
            elif isinstance(entity, External):
                setting = is_setting(found, self.region.references[id(usage.root)])
                if (
                    usage.how in ("change", "drop")
                    or setting
                    and usage.how == "decorate"
                ):
                    externals.append((usage, entity, setting))
            elif entity == Builtin("super"):
                self._on_receiver(usage.links[1:])
            elif entity == Builtin("type") and usage.how == "change":
                self.out.receiver.add((".__class__", *usage.links[1:]))
        for usage, entity, setting in externals:
            # `random.shuffle(NAMES)` changes the names, not the process.
            if setting or self.region.is_module and id(usage.root) not in self.passed:
                self.out.changed.add(entity)
        for reference in self.region.statement.scan.references:
            if reference.role in ("declare", "delete") and self._is_here(reference):
                home = self.region.statement.module
                self.out.changed.add(Global(home, reference.name))
        self._follow()
        self.out.returned |= set(self._origins(RETURNED, set()))

    def _is_here(self, reference: Reference) -> bool:
        within = self.region.within
        return (
            not reference.eager
            and bool(within)
            and (f"{reference.within}.".startswith(f"{within}."))
        )

    def _resolved(self, root: object) -> Resolution | None:
        reference = self.region.references.get(id(root))
        if reference is None:
            return None
        return self.outcomes.resolve(self.region.statement.module, reference)

    # Local names

    def _local(self, usage: Usage) -> None:
        name, links = usage.root.value, usage.links
        if name == self.region.receiver:
            self._on_receiver(links)
            if usage.how == "change":
                self.out.receiver.add(links)
        if links[:1] == ("()",):
            self.out.runs |= not usage.later
            self._run_origins(name)
        if usage.to is not None and not links:
            behaviour = self._behaviour(usage.to)
            self.out.runs |= behaviour.runs and not usage.later
            if behaviour.changes:
                self.locals.append((name, (".*",) if behaviour.sets else ()))
        elif usage.how == "change" or (
            _mutates(links, usage.how)
            and not (name == self.region.receiver and self._knows(links))
        ):
            self.locals.append((name, links))

    def _knows(self, links: tuple[str, ...]) -> bool:
        owner = self.region.owner
        known = self.outcomes.regions.names(owner) if owner else ()
        return bool(links) and links[0][1:] in known

    def _on_receiver(self, links: tuple[str, ...]) -> None:
        """Follow `self.method()`, which may be a subclass's."""
        owner = self.region.owner
        if owner is not None and links and links[0].startswith("."):
            for one in self.outcomes.method(owner, links[0][1:]):
                self.out.add(one)
                self.out.receiver |= one.receiver
                self.out.made |= one.made

    def _run_origins(self, name: str) -> None:
        for usage in self.sources.get(name, ()):
            found = self._resolved(usage.root)
            if found is not None and isinstance(found.entity, Global):
                self.chains.walk(found.entity, (*usage.links[found.used :], "()"))
                for value in self.chains.elements([runtime_value(found.entity)]):
                    self.chains.call(value)

    def _follow(self) -> None:
        """Find what changed names were taken from."""
        seen: set[str] = set()
        pending = [*self.locals]
        here = self.region.statement.module
        for entity in list(self.out.changed):
            if isinstance(entity, Global) and entity.module == here:
                pending.append((entity.name, ()))
        while pending:
            name, links = pending.pop()
            if name == self.region.receiver:
                self.out.receiver.add(links)
            elif name in self.region.params:
                self.out.arguments = True
                self.out.sets |= len(links) == 1 and links[0].startswith(".")
            if name in seen:
                continue
            seen.add(name)
            for usage in self.sources.get(name, ()):
                if id(usage.root) not in self.region.references:
                    inside = (*usage.links, "[]") if usage.links else ()
                    pending.append((usage.root.value, (*inside, *links)))
            self.out.changed |= {
                origin
                for origin in self._origins(name, set())
                if not (
                    isinstance(origin, Global)
                    and isinstance(runtime_value(origin), _FIXED)
                )
            }

    def _origins(self, name: str, seen: set[str]) -> Iterator[Entity]:
        """Yield the globals that a name may hold, or parts of them."""
        if name in seen:
            return
        seen.add(name)
        for usage in self.sources.get(name, ()):
            found = self._resolved(usage.root)
            if found is not None and isinstance(found.entity, Global):
                links = usage.links[found.used :]
                if "()" not in links:
                    yield found.entity
                elif links[0] == "()":
                    value = runtime_value(found.entity)
                    for one in self.outcomes.calling(found.entity, value):
                        yield from one.returned
                elif (
                    links[-1] == "()"
                    and links[-2:-1] != (".copy",)
                    and not isinstance(runtime_value(found.entity), type)
                ):
                    yield found.entity
            elif id(usage.root) not in self.region.references:
                yield from self._origins(usage.root.value, seen)

    # Globals

    def _global(self, usage: Usage, entity: Global, rest: tuple[str, ...]) -> None:
        how, value = usage.how, runtime_value(entity)
        links = (*rest, "()") if how == "decorate" else rest
        if not links and how in ("read", "enter", "pass"):
            links = ("[]",)
        elif not links and how == "keep":
            links = ("*",)
        if how == "keep" and self.region.is_loose:
            self.chains.walk(entity, (*rest, "()"))
        behaviour = Behaviour(False, False)
        if usage.to is not None:
            behaviour = self._behaviour(usage.to)
            if callable(value) and self.chains.kind(value) is None and not rest:
                # Of a function, attributes can be set, and no more.
                behaviour = replace(behaviour, changes=behaviour.sets)
            if behaviour.changes:
                self.passed.add(id(usage.to.root))
            if behaviour.runs or self.region.is_loose:
                self.chains.walk(entity, (*rest, "()"), all_methods=behaviour.changes)
        known, changed = self.chains.walk(
            entity, links, all_methods=how in ("change", "enter") or behaviour.changes
        )
        if how == "change" or behaviour.changes:
            changed = True
        elif not known and _mutates(links, "drop" if how == "decorate" else how):
            changed = True
            if rest[:1] != ("()",):
                # `thread.start()` may run what the thread was made of.
                for one in self.outcomes.calling(entity, value):
                    self.out.add(one)
        if links[:1] == ("()",) and self.chains.keeps_state(entity, value):
            self.out.changed.add(entity)
        if not changed or (isinstance(value, _FIXED) and how != "change"):
            return
        if rest[:1] != ("()",) or self.chains.kind(value) is not None:
            self.out.changed.add(entity)
        if rest[:1] == ("()",):
            for one in self.outcomes.calling(entity, value):
                self.out.changed |= one.returned

    def _behaviour(self, to: Callee) -> Behaviour:
        """Return what a callee does with its arguments."""
        if to.root is None:
            return Behaviour(to.dropped, True)
        if id(to.root) not in self.region.references:
            if to.root.value == self.region.receiver and self._knows(to.links):
                owner = self.region.owner
                assert owner is not None
                return _joint(self.outcomes.method(owner, to.links[0][1:]))
            return of_local(to.links, to.dropped)
        found = self._resolved(to.root)
        if found is None or isinstance(found.entity, Flow):
            return Behaviour(False, False)
        if self.region.is_loose and isinstance(found.entity, External):
            return Behaviour(self._may_change_arguments(), True)
        links = to.links[found.used :]
        match found.entity:
            case Builtin(name=name):
                return of_builtin(name, to.used)
            case External() as entity:
                return of_external(entity, links, to.dropped)
            case Global() as entity:
                return self._of_callee(entity, links, to.dropped)
        return Behaviour(False, False)

    def _may_change_arguments(self) -> bool:
        """Whether a function that is mentioned changes what it is passed."""
        entities = [
            found.entity
            for usage in self.region.usages
            if (found := self._resolved(usage.root)) is not None
        ]
        return any(
            one.arguments
            for entity in entities
            if isinstance(entity, Global)
            for one in self.outcomes.calling(entity, runtime_value(entity))
        )

    def _of_callee(
        self, entity: Global, links: tuple[str, ...], dropped: bool
    ) -> Behaviour:
        value = runtime_value(entity)
        kind = self.chains.kind(value)
        if not links and kind is not None and isinstance(value, type):
            return _joint([*self.outcomes.building(kind)])
        if not links and kind is not None:
            return _joint(self.outcomes.method(kind, "__call__"))
        if not links:
            return _joint([*self.outcomes.calling(entity, value)])
        if kind is not None and links[0][1:] in self.outcomes.regions.names(kind):
            return _joint(self.outcomes.method(kind, links[0][1:]))
        if isinstance(value, type) and kind is not None and links[0] == "()":
            methods = self.outcomes.regions.names(kind)
            if links[1:] and links[1][1:] in methods:
                return _joint(self.outcomes.method(kind, links[1][1:]))
        return of_local(links, dropped)


def _joint(outcomes: Iterable[Outcome]) -> Behaviour:
    found = list(outcomes)
    return Behaviour(
        any(one.arguments for one in found),
        any(one.runs for one in found),
        any(one.sets for one in found),
    )


def _mutates(links: tuple[str, ...], how: str) -> bool:
    """Whether a chain on something unknown looks as if it changed it."""
    methods = [a[1:] for a, b in zip(links, links[1:], strict=False) if b == "()"]
    if how in ("pass", "keep", "read") and links and links[-1][1:] in MUTATORS:
        return True  # A method that is passed on, not called, counts as called.
    if how == "drop" and methods:
        return methods[-1] not in READERS
    return (
        how == "drop"
        and len(links) > 1
        and links[-1] == "()"
        or any(method in MUTATORS for method in methods)
    )
