"""Where rows come from."""

from __future__ import annotations

from . import files, remote
from .base import SOURCES, Source

__all__ = ["SOURCES", "Source", "files", "remote"]
