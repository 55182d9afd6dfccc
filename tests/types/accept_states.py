# pyright: strict
"""States that are subclasses or protocols: a plain function's is contravariant."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Protocol

from transpiler import flow


class HasName(Protocol):
    name: str


@dataclass
class Base:
    name: str


@dataclass
class Derived(Base):
    size: int = 0


@dataclass
class Other:
    name: str
    flag: bool = False


def print_name(state: HasName) -> None:
    print(state.name)


def greet(state: HasName, greeting: str) -> None:
    print(greeting, state.name)


def name_of(state: HasName) -> str:
    return state.name


def is_named(state: HasName) -> bool:
    return bool(state.name)


def reset(state: Base) -> None:
    state.name = ""


@flow.step
def grow(state: Derived) -> None:
    state.size += 1


@flow.step
def toggle(state: Other) -> None:
    state.flag = not state.flag


@flow.step
def reset_decorated(state: Base) -> None:
    state.name = ""


@flow.consume
def keep(state: Derived, text: str) -> None:
    state.name = text


derived = flow.do(
    print_name, grow, reset, flow.when(is_named, grow), partial(greet, greeting="hi")
)
derived.run(Derived("x"))
other = flow.do(toggle, print_name, flow.when(is_named, toggle))
other.run(Other("x"))
kept = flow.with_(name_of, keep)
kept.run(Derived("x"))
reused = flow.do(grow, reset_decorated.fn)
reused.run(Derived("x"))


def annotated() -> flow.Step[Derived]:
    return flow.do(
        print_name, flow.when(is_named, reset), flow.with_(name_of, keep), reset
    )


def annotated_other() -> flow.Step[Other]:
    return flow.do(toggle, print_name, flow.when(is_named, print_name))
