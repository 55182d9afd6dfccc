"""Set up a database."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Spec:
    """What to set up."""

    name: str = "orders"
    users: list[str] = field(default_factory=list)


@flow.step
def append(spec: Spec, target: object) -> None:
    """Append to something."""
    print(spec, target)


@flow.workflow
def provision() -> flow.Step[Spec]:
    """Set it up."""
    lock = threading.Lock()
    with open(os.devnull) as log:
        return flow.do(
            append(log),
            append({"lock": [lock]}),
        )
