"""What a cluster knows of itself."""

from __future__ import annotations

from dataclasses import dataclass, field

from .inventory import DEFAULT, Inventory


@dataclass
class Cluster:
    """A cluster in the making."""

    name: str = "lab"
    wait_for_storage: bool = True
    inventory: Inventory = field(init=False, default_factory=lambda: DEFAULT)
    journal: list[str] = field(init=False, default_factory=list)
    joined: set[str] = field(init=False, default_factory=set)
    token: str = field(init=False, default="", repr=False)
