"""The names around the running step, for what tells them."""

from __future__ import annotations

from contextvars import ContextVar

names_around: ContextVar[tuple[str, ...]] = ContextVar("names_around", default=())
