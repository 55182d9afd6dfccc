"""What random workflows are made of: two kinds of state, and leaves of each."""

from __future__ import annotations

START = '''\
"""A random workflow."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from transpiler import flow

NOON = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
GOODS = ["x", "y"]
LABELS = {"x": "ex", "y": "why", "p": "pea", "q": "queue"}


class AppError(Exception):
    """What goes wrong here."""


def clean(text: str) -> str:
    """Clean a text."""
    return text.strip().lower()


def is_small(error: Exception) -> bool:
    """Tell whether an error may pass."""
    return len(str(error)) < 25


'''

STATES = '''\
@dataclass
class State:
    """A state."""

    left: bool = True
    right: bool = False
    count: int = field(init=False, default=0)
    turns: dict[str, int] = field(init=False, default_factory=dict)
    journal: list[str] = field(init=False, default_factory=list)


@dataclass
class Child:
    """A child state."""

    left: bool
    right: bool
    count: int
    turns: dict[str, int]
    journal: list[str]


'''

LEAVES = '''\
@flow.step
def {p}work(state: State, name: str) -> None:
    """Work."""
    state.count += 1
    state.journal.append(name)


@flow.step
def {p}move(state: State, *, to: str = "here", far: bool = False) -> None:
    """Move."""
    state.journal.append(f"{{to}} {{far}}")


@flow.step
def {p}rest(state: State) -> None:
    """Rest."""
    state.journal.append("rest")


@flow.step
def {p}hurry(state: State) -> None:
    """Say how long there is."""
    left = flow.remaining()
    state.journal.append("no limit" if left is None else f"{{left:.3f}}")


@flow.step
def {p}mark(state: State) -> None:
    """Say where this is."""
    state.journal.append("/".join(flow.names()))


def {p}chore(name: str) -> Callable[[State], None]:
    """Make a chore."""

    def run(state: State) -> None:
        state.journal.append(f"chore {{name}}")

    return run


@flow.extract
def {p}label(state: State, name: str = "label") -> str:
    """Return a text."""
    return f"{{name}} {{state.count}}"


@flow.extract
def {p}list_names(state: State, prefix: str = "") -> list[str]:
    """Return names."""
    return [f"{{prefix}}{{name}}" for name in ("p", "q")]


@flow.extract
def {p}next_page(state: State, key: str) -> list[str]:
    """Return the next page of two."""
    turn = state.turns[key] = state.turns.get(key, 0) + 1
    if turn % 3 == 0:
        raise flow.Exhausted
    return [f"{{key}} {{turn}}", "line"][: state.count % 2 + 1]


@flow.extract
def {p}next_token(state: State, key: str) -> str:
    """Return the next token of one."""
    turn = state.turns[key] = state.turns.get(key, 0) + 1
    if turn % 2 == 0:
        raise flow.Exhausted
    return f"token {{turn}}"


@flow.transform
def {p}shout(state: State, text: str, mark: str = "!") -> str:
    """Return it louder."""
    return text.upper() + mark


@flow.transform
def {p}split(state: State, text: str) -> list[str]:
    """Return its words."""
    return text.split()


@flow.transform
def {p}join(state: State, texts: list[str], by: str = "+") -> str:
    """Return one text."""
    return by.join(texts)


@flow.transform
def {p}doubled(state: State, texts: list[str]) -> list[str]:
    """Return each twice."""
    return [text * 2 for text in texts]


@flow.consume
def {p}store(state: State, text: str) -> None:
    """Store a text."""
    state.journal.append(text)


@flow.consume
def {p}store_as(state: State, text: str, key: str) -> None:
    """Store a text under a key."""
    state.journal.append(f"{{key}}: {{text}}")


@flow.consume
def {p}keep_texts(state: State, texts: list[str]) -> None:
    """Store texts."""
    state.journal.extend(texts)


@flow.predicate
def {p}is_left(state: State) -> bool:
    """Look left."""
    return state.left


@flow.predicate
def {p}knows(state: State, name: str) -> bool:
    """Look up."""
    return name in state.journal


@flow.predicate
def {p}goes_on(state: State, key: str) -> bool:
    """Tell twice of three times that there is more."""
    turn = state.turns[key] = state.turns.get(key, 0) + 1
    return turn % 3 != 0


@flow.predicate
def {p}is_over(state: State, key: str) -> bool:
    """Tell once of two times that there is no more."""
    turn = state.turns[key] = state.turns.get(key, 0) + 1
    return turn % 2 == 0


'''

BETWEEN = '''\
@flow.extract
def {p}derive(state: State, name: str = "child") -> {other}:
    """Make another state, which shares the journal."""
    state.journal.append(name)
    return {other}({make})


@flow.extract
@contextmanager
def {p}opened(state: State, name: str = "open") -> Iterator[{other}]:
    """Hold another state."""
    state.journal.append(f"enter {{name}}")
    try:
        yield {other}({make})
    finally:
        state.journal.append(f"leave {{name}}")


@flow.extract
@contextmanager
def {p}calmed(state: State) -> Iterator[{other}]:
    """Hold another state, and swallow some of its errors."""
    try:
        yield {other}({make})
    except (OSError, AppError) as error:
        state.journal.append(f"swallowed {{type(error).__name__}}")


'''


def header() -> str:
    """Return the part that all random workflows have in common."""
    child = LEAVES.replace("state: State", "child: Child").replace("[State]", "[Child]")
    child = child.replace("state.", "child.")
    between = BETWEEN.replace("state: State", "child: Child").replace(
        "state.", "child."
    )
    make = "state.left, state.right, state.count, state.turns, state.journal"
    return "".join(
        [
            START,
            STATES,
            LEAVES.format(p=""),
            child.format(p="child_"),
            BETWEEN.format(p="", other="Child", make=make),
            between.format(p="child_", other="State", make="child.left, child.right"),
        ]
    )
