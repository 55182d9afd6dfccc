"""A state with many fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from transpiler import flow


@dataclass
class Network:
    """Where it is."""

    name: str = "default"
    subnets: list[str] = field(default_factory=list)


@dataclass
class Instance:
    """A database instance."""

    name: str = "orders"
    # What it costs.
    plan: Literal["small", "large"] = "small"
    # Where it stands: 100 % in Europe.
    state: str = "Bavaria"
    size: int = 10
    ratio: float = 0.5
    # Whether somebody
    # looks after it.
    managed: bool = True
    replica: bool | None = None
    key: Path = Path("key.pem")
    log: Path | None = None
    ports: list[int] = field(default_factory=lambda: [5432])
    zones: tuple[str, ...] = ("a", "b")
    network: Network = field(default_factory=Network)
    labels: dict[str, str] = field(default_factory=dict)
    max_connections: int | None = None
    created: list[str] = field(init=False, default_factory=list)


@flow.step
def create(instance: Instance, what: str) -> None:
    """Create something."""
    instance.created.append(what)


@flow.workflow
def create_instance() -> flow.Step[Instance]:
    """Create a database instance, "quoted" and 100 % sure."""
    return flow.do(
        create("network"),
        flow.when(lambda instance: instance.managed, create("manager")),
        flow.in_serial(
            flow.for_each(
                lambda instance: instance.ports, lambda port: create(f"{port}")
            )
        ),
    )
