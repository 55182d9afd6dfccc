"""Set up a database."""

from __future__ import annotations

import importlib

importlib.import_module("late")

from base import Base
from late import Late
from transpiler import flow


@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    Base(), Late()


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(run())
