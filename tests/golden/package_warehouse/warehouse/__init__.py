"""Load tables into the warehouse."""

from __future__ import annotations

from warehouse import errors as errors
from warehouse.schema import Column, Table

__all__ = ("Column", "Table", "errors")
