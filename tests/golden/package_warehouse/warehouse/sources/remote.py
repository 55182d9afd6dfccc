"""Rows of a service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ..errors import Unreachable
from ..schema import Row
from . import base

NAME = "remote"


class Remote(base.Source):
    """Rows of a service."""

    def page(self, number: int) -> list[Row]:
        """Ask the service."""
        return asyncio.run(fetch(number))


@asynccontextmanager
async def session(user: str) -> AsyncIterator[list[str]]:
    """Log in for as long as the block lasts."""
    log = [f"{user} in"]
    try:
        yield log
    finally:
        log.append(f"{user} out")


async def fetch(number: int) -> list[Row]:
    """Fetch a page."""
    async with session(NAME) as log:
        if number > 8:
            raise Unreachable(f"page {number}")
        parts = [await part(number, half) for half in (0, 1)]
    return [{"id": str(n), "name": " ".join(log)} async for n in numbers(*parts)]


async def part(number: int, half: int) -> int:
    """Fetch a half of a page."""
    return 2 * number + half


async def numbers(*every: int) -> AsyncIterator[int]:
    """Yield numbers, one at a time."""
    for each in every:
        yield each


def load(name: str = NAME) -> str:
    """Say what was fetched."""
    return f"{name} over {base.NAME}"
