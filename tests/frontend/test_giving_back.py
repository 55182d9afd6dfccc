"""Which resources give the state that they were made of."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from transpiler.frontend.giving_back import gives_back_state


@contextmanager
def lock(vault: list[str], name: str) -> Iterator[list[str]]:
    vault.append(name)

    def leave(vault: int) -> Any:
        return (yield vault)

    try:
        if name:
            yield vault
        else:
            yield vault
    finally:
        leave(1)


@contextmanager
def copies(vault: list[str]) -> Iterator[list[str]]:
    yield [*vault]


@contextmanager
def sometimes(vault: list[str]) -> Iterator[list[str]]:
    if vault:
        yield vault
    else:
        yield []


@contextmanager
def rebinds(vault: list[str]) -> Iterator[list[str]]:
    vault = [*vault]
    yield vault


@contextmanager
def rebinds_below(vault: list[str]) -> Iterator[list[str]]:
    def change() -> None:
        nonlocal vault
        vault = []

    change()
    yield vault


@contextmanager
def catches(vault: Any) -> Iterator[Any]:
    try:
        vault.append(1)
    except AttributeError as vault:
        yield vault


@contextmanager
def unpacks(vault: Any) -> Iterator[Any]:
    match vault:
        case [*vault]:
            yield vault


@contextmanager
def imports(vault: Any) -> Iterator[Any]:
    import json as vault

    yield vault


@contextmanager
def delegates(vault: list[str]) -> Iterator[list[str]]:
    yield from [vault]


@contextmanager
def nothing(vault: list[str]) -> Iterator[None]:
    yield


def plain(vault: list[str]) -> list[str]:
    return vault


def wrapped(function: Callable[[list[str]], Any]) -> Callable[[list[str]], Any]:
    @functools.wraps(function)
    def other(vault: list[str]) -> Any:
        return function([*vault])

    return other


@wrapped
@contextmanager
def below(vault: list[str]) -> Iterator[list[str]]:
    yield vault


class Held:
    def __init__(self, vault: list[str]) -> None:
        self.vault = vault

    def __enter__(self) -> list[str]:
        return self.vault

    def __exit__(self, *_: object) -> None:
        pass


def test_a_lock_gives_its_state() -> None:
    assert gives_back_state(lock)


@pytest.mark.parametrize(
    "fn",
    [copies, sometimes, rebinds, rebinds_below, catches, unpacks, imports]
    + [delegates, nothing, plain, below, Held],
)
def test_others_may_give_something_else(fn: Callable[..., Any]) -> None:
    assert not gives_back_state(fn)
