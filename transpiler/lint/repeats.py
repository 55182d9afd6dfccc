"""FLOW502: what is tried again does something twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from transpiler.diagnostics import Diagnostic, Note
from transpiler.ir import nodes as ir
from transpiler.ir.walk import nodes
from transpiler.lint.backoffs import known
from transpiler.lint.effects import Effect
from transpiler.lint.places import Constant
from transpiler.lint.subject import Subject
from transpiler.lint.uses import Use, Walk
from transpiler.source import Span

_INSERT = re.compile(r"\binsert\s+into\s.*\b(values|select)\b", re.I | re.S)
_CREATE = re.compile(
    r"CREATE\s+(?:(?:UNIQUE|TEMP|TEMPORARY|GLOBAL|LOCAL|UNLOGGED|MATERIALIZED)\s+)*"
    r"(TABLE|DATABASE|SCHEMA|USER|ROLE|INDEX|VIEW|SEQUENCE|TYPE|EXTENSION|TRIGGER)"
    r"\s+(CONCURRENTLY\s+)?[\w\"'`\[{%:]"
)
_GUARD = re.compile(
    r"\b(if\s+not\s+exists|on\s+conflict|on\s+duplicate\s+key|not\s+exists"
    r"|or\s+(ignore|replace))\b",
    re.I,
)
_RESET = re.compile(r"\b(delete\s+from|truncate|drop\s+\w+|merge\s+into)\b", re.I)


def repeated_effects(subject: Subject) -> Iterator[Diagnostic]:
    """Find effects that are there twice when a step is tried again."""
    told = set[Span]()
    for node in nodes(subject.workflows):
        if isinstance(node, ir.Retry) and not _is_single(node):
            for use in Walk(subject).step(node.step):
                for effect in _plain(use, use.read(subject).effects):
                    if effect.span not in told:
                        told.add(effect.span)
                        yield _finding(node, use, effect)


def _is_single(node: ir.Retry) -> bool:
    return any(isinstance(p, ir.UpTo) and known(p.attempts) == 1 for p in node.policies)


def _plain(use: Use, effects: list[Effect]) -> Iterator[Effect]:
    """Yield the effects that nothing in the function makes up for."""
    begun: list[Effect] = []
    for effect in effects:
        begun.append(effect)
        if use.harmless or effect.conditional:
            continue
        match effect.kind:
            case "add" | "change" | "take":
                done = use.last and effect.last
                if effect.place.path and not done and not _was_reset(effect, begun):
                    yield effect
            case "sql":
                if not effect.caught and _repeats(_sql(effect), begun):
                    yield effect
            case "open":
                yield effect


def _was_reset(effect: Effect, begun: list[Effect]) -> bool:
    """Whether the part of the state, or what it is in, was set before."""
    path = effect.place.path
    return any(
        other.kind == "set" and other.place.path == path[: len(other.place.path)]
        for other in begun
    )


def _repeats(text: str, begun: list[Effect]) -> bool:
    if _GUARD.search(text) or not _statement(text):
        return False
    return not any(e.kind == "sql" and _RESET.search(_sql(e)) for e in begun)


def _sql(effect: Effect) -> str:
    """Return a statement as it stands in the source, or in the constant there."""
    return (
        repr(effect.value.value) if isinstance(effect.value, Constant) else effect.text
    )


def _statement(text: str) -> str:
    """Return the words of a statement that must not run twice, or ""."""
    opened = re.match(r"\W*[rbfu]{0,2}[\"']+\s*(insert|create)\b", text, re.I)
    if opened is None:
        return ""
    if _INSERT.search(text):
        return "INSERT"
    created = _CREATE.search(text)
    return f"CREATE {created[1]}" if created else ""


def _finding(retry: ir.Retry, use: Use, effect: Effect) -> Diagnostic:
    match effect.kind:
        case "add":
            what = f"adds to {effect.text} once more"
            cure = "look first whether it is there, or keep a set or a dictionary"
        case "take":
            what = f"takes from {effect.text} once more"
            cure = "take it in a step of its own, before the retry"
        case "change":
            what = f"changes {effect.text} once more"
            cure = "set it to what it should be, or change it in a step of its own"
        case "sql":
            statement = _statement(_sql(effect))
            what = f"runs {statement} once more"
            guard = "IF NOT EXISTS" if statement.startswith("C") else "ON CONFLICT"
            cure = f"guard it: {guard}, or look first whether it is there"
        case _:
            what = "appends to the file once more"
            cure = "write the whole file, or look first what it holds"
    notes = [Note(retry.span, "tried again here")]
    if effect.is_helped and use.definition is not None:
        notes.insert(0, Note(use.definition, "this is the step that leads there"))
    return Diagnostic(
        effect.span,
        "FLOW502",
        f"each further attempt of {effect.by} {what}",
        f"{cure}; or leave it out of the retry",
        tuple(notes),
        "hint",
    )
