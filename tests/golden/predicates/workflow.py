"""Conditions made of conditions."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Door:
    """A door."""

    locked: bool = True
    open: bool = False
    guarded: bool = False
    journal: list[str] = field(init=False, default_factory=list)


@flow.predicate
def is_locked(door: Door) -> bool:
    """Try the handle."""
    return door.locked


@flow.predicate
def is_open(door: Door) -> bool:
    """Look."""
    return door.open


@flow.predicate
def is_guarded(door: Door, by: str) -> bool:
    """Look twice."""
    return door.guarded and by == "dog"


@flow.step
def note(door: Door, text: str) -> None:
    """Write down what to do."""
    door.journal.append(text)


closed = flow.not_(is_open)


@flow.workflow
def enter() -> flow.Step[Door]:
    """Find a way in."""
    return flow.do(
        flow.when(closed, note("knock")),
        flow.when(flow.and_(is_locked, closed, is_guarded("dog")), note("leave")),
        flow.when(flow.or_(is_open, flow.not_(is_locked())), note("go in")),
        flow.when(~is_locked & (is_open | is_guarded("cat")), note("say hello")),
        flow.when(is_locked & closed | is_guarded("dog"), note("use the key")),
        flow.unless(is_locked | is_open, note("push")),
        flow.unless(~is_open, note("close it behind you")),
        flow.when(
            flow.and_(
                lambda door: door.locked or door.guarded,
                flow.not_(lambda door: door.open),
                flow.or_(lambda door: not door.guarded),
            ),
            note("look for a window"),
        ),
        flow.when(flow.and_(), note("breathe")),
        flow.when(flow.or_(), note("fly")),
    )
