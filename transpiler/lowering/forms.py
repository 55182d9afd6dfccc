"""A handler function's statements, so that its returns can become something else.

In an except branch nothing can return: what comes behind an `if` that returned becomes
its `else`. In a function of its own a step is followed by `return`, but at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from transpiler.frontend.handler_parts import (
    Clause,
    Compound,
    Part,
    Returned,
    Written,
)
from transpiler.lowering.leaves import negated, operand

Parts = tuple[Part, ...]

LEAVES = Returned(-1, leaves=True)
"""A bare return."""


def branch_form(parts: Iterable[Part]) -> Parts | None:
    """Return statements that end where they returned; None if they can't be so.

    They can't where a loop is left, and where the rest would have to stand twice.
    """
    before: list[Part] = []
    rest = list(parts)
    while rest:
        part = rest.pop(0)
        if isinstance(part, Compound):
            made = _branch(part, tuple(rest))
            return None if made is None else (*before, made)
        before.append(part)
        if isinstance(part, Returned) or part.raises:
            # What comes behind is never reached.
            break
    return tuple(before)


def _branch(part: Compound, rest: Parts) -> Compound | None:
    clauses = part.clauses
    word = clauses[0].head.partition(" ")[0]
    if word == "match" and not rest:
        (cases,) = clauses[0].body
        assert isinstance(cases, Compound)
        bodies = [branch_form(case.body) for case in cases.clauses]
        made = _with_bodies(cases, bodies)
        inside = replace(clauses[0], body=(made,)) if made else None
        return replace(part, clauses=(inside,)) if inside else None
    if word != "if":
        return None
    if clauses[-1].head != "else":
        clauses = (*clauses, Clause("else", ()))
    falling = [clause for clause in clauses if not _ends(clause.body)]
    if rest and len(falling) > 1:
        return None
    bodies = [
        branch_form((*c.body, *rest) if c in falling else c.body) for c in clauses
    ]
    return _with_bodies(replace(part, clauses=clauses), bodies)


def _with_bodies(part: Compound, bodies: list[Parts | None]) -> Compound | None:
    clauses = []
    for clause, body in zip(part.clauses, bodies, strict=True):
        if body is None:
            return None
        clauses.append(replace(clause, body=body))
    return replace(part, clauses=tuple(clauses))


def _ends(parts: Parts) -> bool:
    """Return whether statements always return or raise."""
    return any(map(_leaves, parts))


def _leaves(part: Part) -> bool:
    match part:
        case Returned():
            return True
        case Written(raises=raises):
            return raises
        case Compound(clauses=clauses):
            is_if = clauses[0].head.startswith("if ") and clauses[-1].head == "else"
            return is_if and all(_ends(clause.body) for clause in clauses)


def function_form(
    parts: Parts, does_nothing: frozenset[int], last: bool = True
) -> Parts:
    """Return statements whose returns leave a function, but for those at its end.

    `does_nothing` are the outcomes that nothing is to be done about.
    """
    made: list[Part] = []
    if last and len(parts) > 1 and _is_nothing(parts[-1], does_nothing):
        parts = parts[:-1]
    for index, part in enumerate(parts):
        at_end = last and index == len(parts) - 1
        match part:
            case Returned():
                made.append(replace(part, leaves=not at_end))
            case Compound(clauses=clauses) if not at_end and _leaves(part):
                # An `else` behind a `return` is one too many.
                made += [_function(part, clauses, does_nothing, True), LEAVES]
            case Compound(clauses=clauses):
                word = clauses[0].head.partition(" ")[0]
                inside = at_end and word in ("if", "match", "case")
                made.append(_function(part, clauses, does_nothing, inside))
            case Written():
                made.append(part)
    return tuple(made)


def _function(
    part: Compound,
    clauses: tuple[Clause, ...],
    does_nothing: frozenset[int],
    last: bool,
) -> Compound:
    bodies = (function_form(clause.body, does_nothing, last) for clause in clauses)
    made = (replace(c, body=body) for c, body in zip(clauses, bodies, strict=True))
    return replace(part, clauses=tuple(made))


def simplified(parts: Parts, does_nothing: frozenset[int]) -> Parts:
    """Return statements without what a person would not write.

    An `else` that does nothing goes; an `if` that does nothing gives way to its `else`;
    an `if` alone in an `else` is an `elif`, and alone in an `if`, a part of it.
    `does_nothing` are the outcomes that nothing is to be done about.
    """
    return tuple(_simplified(part, does_nothing) for part in parts)


def _simplified(part: Part, does_nothing: frozenset[int]) -> Part:
    if not isinstance(part, Compound):
        return part
    clauses = [
        replace(clause, body=simplified(clause.body, does_nothing))
        for clause in part.clauses
    ]
    if not clauses[0].head.startswith("if "):
        return replace(part, clauses=tuple(clauses))

    def is_nothing(clause: Clause) -> bool:
        return not clause.behind and all(
            _is_nothing(part, does_nothing) for part in clause.body
        )

    if clauses[-1].head == "else" and is_nothing(clauses[-1]):
        del clauses[-1]
    match clauses:
        case [first, Clause("else", body, behind)] if is_nothing(first):
            test = first.head.removeprefix("if ")
            clauses = [Clause(f"if {negated(test)}", body, behind)]
    match clauses:
        case [*before, Clause("else", (Compound() as inner,), "")] if inner.clauses[
            0
        ].head.startswith("if "):
            first, *others = inner.clauses
            body = _below(first.body, inner.above)
            clauses = [*before, replace(first, head=f"el{first.head}", body=body)]
            clauses += others
    match clauses:
        case [Clause(head, (Compound((inner_clause,), ()),), "")] if (
            inner_clause.head.startswith("if ") and not inner_clause.behind
        ):
            tests = [c.removeprefix("if ") for c in (head, inner_clause.head)]
            both = " and ".join(map(operand, tests))
            clauses = [Clause(f"if {both}", inner_clause.body)]
    return replace(part, clauses=tuple(clauses))


def _is_nothing(part: Part, does_nothing: frozenset[int]) -> bool:
    """Return whether a part does nothing, and its author says nothing about it."""
    if not isinstance(part, Returned) or part.outcome not in does_nothing:
        return False
    return not (part.leaves or part.behind or any(part.above))


def _below(parts: Parts, above: tuple[str, ...]) -> Parts:
    """Put the comments above an `if` that became an `elif` below it."""
    comments = tuple(line for line in above if line)
    if not comments or not parts:
        return parts
    first = parts[0]
    return (replace(first, above=(*comments, *first.above)), *parts[1:])


def levels(parts: Parts) -> int:
    """Return how many levels of blocks statements open."""
    return max(map(_levels, parts), default=0)


def _levels(part: Part) -> int:
    if not isinstance(part, Compound):
        return 0
    return 1 + max(levels(clause.body) for clause in part.clauses)
