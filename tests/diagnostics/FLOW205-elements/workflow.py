"""Set up a database."""

from __future__ import annotations

import threading
from dataclasses import InitVar, dataclass, field
from typing import Any

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    users: list[Any] = field(default_factory=list)


@dataclass
class Port:
    """A port that is computed."""

    base: InitVar[int]
    number: int = 0

    def __post_init__(self, base: int) -> None:
        """Compute the number."""
        self.number = base + 1


@dataclass
class Name:
    """A name that is changed when it is made."""

    text: str

    def __post_init__(self) -> None:
        """Mark the name."""
        self.text += "!"


@flow.step
def append(spec: Spec, value: Any) -> None:
    """Append a value."""
    spec.users.append(value)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    ports = {"http": [Port(80)]}
    names = [("a", Name("b"))]
    lock = threading.Lock()
    loop: list[Any] = [1]
    loop.append({"again": loop})
    return flow.do(
        append(ports),
        append(names),
        append(loop),
        lambda spec: append.fn(spec, lock),
    )
