"""FLOW501: branches that run at once change the same part of the state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from transpiler.diagnostics import Diagnostic, Note
from transpiler.ir import nodes as ir
from transpiler.ir.expressions import Given
from transpiler.ir.walk import nodes
from transpiler.lint.backoffs import known
from transpiler.lint.effects import Effect, Lock
from transpiler.lint.places import Path
from transpiler.lint.subject import Subject
from transpiler.lint.uses import Walk
from transpiler.source import Span


@dataclass(frozen=True, slots=True)
class _Write:
    """An effect of a branch; `many` says that there is a branch for each item."""

    branch: int
    many: bool
    leaf: Span | None
    effect: Effect

    def meets(self, other: _Write) -> bool:
        """Whether the two may happen at once, and the order matters."""
        if self.branch == other.branch and not self.many:
            return False
        mine, yours = self.effect, other.effect
        if not _apart(mine.locks, yours.locks):
            return False
        if mine.place.path == yours.place.path:
            known = mine.kind == yours.kind == "set" and mine.value is not None
            return not (known and mine.value == yours.value)
        # One replaces what the other changes a part of.
        short, long = sorted([mine, yours], key=lambda e: len(e.place.path))
        path = short.place.path
        return short.kind == "set" and long.place.path[: len(path)] == path


def _apart(mine: frozenset[Lock], yours: frozenset[Lock]) -> bool:
    """Whether no lock keeps two effects from happening at once.

    A lock that can't be told is taken for the other's.
    """
    if mine and yours:
        return None not in mine | yours and not mine & yours
    return True


def shared_writes(subject: Subject) -> Iterator[Diagnostic]:
    """Find writes to one part of the state by branches that run at once."""
    told = set[Span]()
    for node in nodes(subject.workflows):
        if isinstance(node, ir.InParallel) and not _is_serial(node):
            for found in _races(subject, node):
                # Of several blocks with these branches, the first one will do.
                if found.span not in told:
                    told.add(found.span)
                    yield found


def _is_serial(node: ir.InParallel) -> bool:
    return node.limit is not None and known(node.limit) == 1


def _races(subject: Subject, block: ir.InParallel) -> Iterator[Diagnostic]:
    groups: dict[Path, list[_Write]] = {}
    for index, (step, many) in enumerate(_branches(block.providers)):
        for use in Walk(subject).step(step):
            for effect in use.read_exactly(subject).effects:
                if _counts(effect):
                    write = _Write(index, many, use.definition, effect)
                    _add(groups.setdefault(effect.place.path, []), write)
    told = set[Path]()
    for path, group in groups.items():
        # Also what is around it: that may be replaced as a whole.
        near = [
            w for end in range(1, len(path) + 1) for w in groups.get(path[:end], ())
        ]
        pairs = ((w, [o for o in near if w.meets(o)]) for w in group)
        write, others = next((pair for pair in pairs if pair[1]), (group[0], []))
        if others and path not in told:
            told |= {w.effect.place.path for w in (write, *others)}
            # What is replaced as a whole is what to speak of.
            write, *others = sorted((write, *others), key=_depth)
            yield _finding(block, write, [other.effect for other in others])


def _depth(write: _Write) -> int:
    return len(write.effect.place.path)


def _counts(effect: Effect) -> bool:
    if effect.kind not in ("set", "update", "change"):
        return False
    return bool(effect.place.path) and effect.place.is_certain


def _add(group: list[_Write], write: _Write) -> None:
    """Add a write, unless two branches do just the same already."""
    effect = write.effect
    same = [w for w in group if w.effect.span == effect.span]
    if len({w.branch for w in same if w.effect.value == effect.value}) < 2:
        group.append(write)


def _branches(providers: tuple[ir.Provider, ...]) -> Iterator[tuple[ir.Step, bool]]:
    """Yield the steps that run at once, and whether there is one for each item."""
    for provider in providers:
        match provider:
            case ir.Steps():
                yield from ((step, False) for step in provider.steps)
            case ir.ForEach():
                yield provider.body, not _is_single(provider.items)
            case ir.Named():
                yield from _branches((provider.inner,))


def _is_single(items: ir.Extract) -> bool:
    if isinstance(items, ir.Value) and isinstance(items.value, Given):
        value = items.value.value
        return isinstance(value, (list, tuple)) and len(value) < 2
    return False


def _finding(block: ir.InParallel, write: _Write, others: list[Effect]) -> Diagnostic:
    first = write.effect
    reads = any(effect.kind != "set" for effect in (first, *others))
    if reads:
        consequence = "what one of them has changed in between is lost"
    else:
        consequence = "which value stays is left to chance"
    elsewhere = list(dict.fromkeys(o.span for o in others if o.span != first.span))
    notes = [Note(span, "another branch does so here") for span in elsewhere[:3]]
    if first.is_helped and write.leaf is not None:
        notes.append(Note(write.leaf, "this is the step that leads there"))
    notes.append(Note(block.span, "the branches run at once here"))
    locked = any(effect.locks for effect in (first, *others))
    lock = "the same lock in all branches" if locked else "a lock"
    return Diagnostic(
        first.span,
        "FLOW501",
        f"branches that run at once change {first.text}: {consequence}",
        f"change it under {lock}, give each branch a part of its own,"
        " or do it after the block",
        tuple(notes),
        "warning",
    )
