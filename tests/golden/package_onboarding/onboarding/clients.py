"""The systems that tenants live in."""

from __future__ import annotations

import abc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar, overload

from . import errors as err
from .config import ALL_CENTRES, REGIONS

log = logging.getLogger(__name__)

T = TypeVar("T")


class Backend(Protocol):
    """What the steps need of a system."""

    weight: int

    def create(self, kind: str, name: str) -> str: ...

    def delete(self, name: str) -> None: ...


class _Base(abc.ABC):
    """What all systems have in common."""

    weight = 1

    def __init__(self) -> None:
        self.known: Index[str] = Index()

    @abc.abstractmethod
    def place(self, name: str) -> str:
        """Return where a resource belongs."""

    def create(self, kind: str, name: str) -> str:
        """Create a resource; say where it lies."""
        if name in self.known:
            raise err.ForbiddenError(name, "exists")
        place = self.place(name)
        log.debug("%s %s goes to %s", kind, name, place)
        self.known.add(name, place)
        return place

    def delete(self, name: str) -> None:
        """Delete a resource, if it is there."""
        self.known.drop(name)


class Local(_Base):
    """Everything in memory."""

    def place(self, name: str) -> str:
        """Spread by name."""
        return ALL_CENTRES[len(name) % len(ALL_CENTRES)]


class Index(Generic[T]):
    """Values by name."""

    def __init__(self) -> None:
        self._values: dict[str, T] = {}

    def __contains__(self, name: object) -> bool:
        return name in self._values

    def add(self, name: str, value: T) -> None:
        """Add a value."""
        self._values[name] = value

    def drop(self, name: str) -> T | None:
        """Forget a value; return it."""
        return self._values.pop(name, None)


def local_backend() -> Backend:
    """Return a system in memory."""
    return Local()


@overload
def centres(region: str) -> tuple[str, ...]: ...


@overload
def centres(region: None = None) -> list[str]: ...


def centres(region: str | None = None) -> tuple[str, ...] | list[str]:
    """Return the data centres of a region, or all."""
    return ALL_CENTRES if region is None else REGIONS[region]


@contextmanager
def maintenance(backend: Backend, name: str) -> Iterator[str]:
    """Hold a lock on a name for as long as something is changed there."""
    lock = f"{name}.lock"
    backend.create("lock", lock)
    try:
        yield lock
    finally:
        backend.delete(lock)
