"""Errors, with what may be done about them."""

from __future__ import annotations

import functools
from dataclasses import dataclass


class Error(Exception):
    """What all errors of the warehouse are."""

    code = 1

    @property
    def label(self) -> str:
        """Say where the error belongs."""
        return f"{__name__}:{self.code}"


class Malformed(Error):
    """A row is not what it should be."""

    code = 2


class Unreachable(Error, ConnectionError):
    """A source can't be reached."""

    code = 3


@functools.total_ordering
@dataclass(frozen=True)
class Severity:
    """How bad it is."""

    rank: int = 0

    def __lt__(self, other: Severity) -> bool:
        return self.rank < other.rank


@functools.singledispatch
def severity(error: Exception) -> Severity:
    """Return how bad an error is."""
    return Severity()


@severity.register
def _(error: Malformed) -> Severity:
    return Severity(error.code)


@severity.register(ConnectionError)
def _(error: ConnectionError) -> Severity:
    return Severity(9)


def worst(*errors: Exception) -> Severity:
    """Return how bad the worst of several errors is."""
    return max(map(severity, errors), default=Severity())
