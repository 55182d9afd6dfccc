"""Steps on machines."""

from .boot import boot, is_up
from .join import cordon, join, new_token

__all__ = ["boot", "cordon", "is_up", "join", "new_token"]
