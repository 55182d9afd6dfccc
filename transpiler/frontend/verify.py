"""Checks of a whole bundle: what only shows once everything reached is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import libcst as cst

from transpiler.diagnostics import Diagnostic, Note
from transpiler.frontend.modules import Statement
from transpiler.frontend.order import positions
from transpiler.frontend.reach import Reach, Use
from transpiler.frontend.resolve import External, Global, Resolution
from transpiler.frontend.scopes import walk
from transpiler.source import Span

_ANNOTATION_READERS = frozenset({"__annotations__", "get_annotations", "annotation"})


def verify(
    reach: Reach,
    kept: Sequence[Statement],
    places: Mapping[tuple[str, int], int],
    roots: Iterable[Resolution],
) -> Iterator[Diagnostic]:
    """Yield what would not be the same in one module as it is in several."""
    yield from _copied_bindings(reach, kept)
    yield from _unset(reach, kept, roots)
    yield from _order(reach, kept, places)
    yield from _evaluated_annotations(reach, kept)


def _uses(reach: Reach, statement: Statement) -> list[Use]:
    return reach.uses[statement.module, statement.index]


def _copied_bindings(reach: Reach, kept: Sequence[Statement]) -> Iterator[Diagnostic]:
    """`from config import level` keeps the first value when config rebinds it."""
    rebound = {Global(s.module, name): s for s in kept for name in s.scan.declares}
    for statement in kept:
        for use in _uses(reach, statement):
            entity = use.resolution.entity
            if not use.resolution.imported or entity not in rebound:
                continue
            assert isinstance(entity, Global)
            module = reach.resolver.module(statement.module)
            culprit = rebound[entity]
            place = reach.resolver.module(culprit.module).span(culprit)
            yield Diagnostic(
                module.span_of(use.reference),
                "FLOW306",
                f"{use.reference.name} is a copy made by an import,"
                f" and {entity.module} rebinds its own",
                f"import {entity.module}, and write {entity.module}.{entity.name}",
                (Note(place, f"{entity.name} is rebound here"),),
            )


def _unset(
    reach: Reach, kept: Sequence[Statement], roots: Iterable[Resolution]
) -> Iterator[Diagnostic]:
    """A name that only functions bind, by `global`, needs one of them."""
    bound = {
        Global(s.module, name) for s in kept for name in (*s.binds, *s.scan.declares)
    }
    read = {
        use.resolution.entity: reach.resolver.module(s.module).span_of(use.reference)
        for s in kept
        for use in _uses(reach, s)
        if isinstance(use.resolution.entity, Global)
        and use.resolution.entity not in bound
        and use.reference.role == "load"
    }
    for entity in dict.fromkeys([*read, *(root.entity for root in roots)]):
        if isinstance(entity, Global) and entity not in bound:
            module = reach.resolver.module(entity.module)
            yield Diagnostic(
                read.get(entity, Span(str(module.path))),
                "FLOW301",
                f"{entity.name} is only set by functions of {entity.module}"
                " which no step reaches",
                f"assign {entity.name} at the top level of {entity.module}",
            )


def places_of(
    reach: Reach, modules: Sequence[str], kept: Sequence[Statement]
) -> dict[tuple[str, int], int]:
    """Number statements in the order in which they run, so that each has what it needs.

    A module that would need something of the one that is being imported can't have been
    imported by a call there: Python would have failed, too.
    """
    mentions = reach.mentions()
    late: frozenset[str] = frozenset()
    while True:
        places = positions(reach.resolver, modules, kept, mentions, late)
        early = {statement.module for statement, _ in _early(reach, kept, places)}
        if early <= late:
            return places
        late |= early


def _early(
    reach: Reach, kept: Sequence[Statement], places: Mapping[tuple[str, int], int]
) -> Iterator[tuple[Statement, Use]]:
    """Yield what runs at once and stands above what it needs."""
    first: dict[Global, int] = {}
    for statement in kept:
        place = places[statement.module, statement.index]
        for name in statement.binds:
            known = first.get(Global(statement.module, name), place)
            first[Global(statement.module, name)] = min(known, place)
    for statement in kept:
        if (statement.module, statement.index) not in reach.runtime:
            continue
        place = places[statement.module, statement.index]
        for use in _uses(reach, statement):
            reference, entity = use.reference, use.resolution.entity
            if not reference.eager or reference.role != "load":
                continue
            if isinstance(entity, Global) and first.get(entity, place) > place:
                yield statement, use


def _order(
    reach: Reach, kept: Sequence[Statement], places: Mapping[tuple[str, int], int]
) -> Iterator[Diagnostic]:
    """What runs at once must stand below what it needs."""
    for statement, use in _early(reach, kept, places):
        entity = use.resolution.entity
        assert isinstance(entity, Global)
        yield Diagnostic(
            reach.resolver.module(statement.module).span_of(use.reference),
            "FLOW313",
            f"{use.reference.name} is needed before {entity.module} defines it",
            "import it at the top of the module, not in a function",
        )


def _evaluated_annotations(
    reach: Reach, kept: Sequence[Statement]
) -> Iterator[Diagnostic]:
    """In a script annotations are strings; whoever reads them must know that."""
    evaluated = {
        s.module
        for s in kept
        if not reach.resolver.module(s.module).has_future_annotations
        and any(r.annotation and r.string is None for r in s.scan.references)
    }
    if not evaluated:
        return
    for statement in kept:
        module = reach.resolver.module(statement.module)
        fields = any(
            u.resolution.entity == External("dataclasses", "fields", "fields")
            for u in _uses(reach, statement)
        )
        for part in walk(statement.node):
            read = isinstance(part, cst.Attribute) and (
                part.attr.value in _ANNOTATION_READERS
                or (fields and part.attr.value == "type")
            )
            if read or (isinstance(part, cst.Name) and part.value == "get_annotations"):
                yield Diagnostic(
                    module.span(statement),
                    "FLOW312",
                    "this reads annotations, which are strings in a script; those of"
                    f" {', '.join(sorted(evaluated))} are evaluated",
                    "read them with typing.get_type_hints, or write"
                    " `from __future__ import annotations` there",
                )
                break
