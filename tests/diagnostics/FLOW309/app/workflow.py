"""Set up a database."""

from __future__ import annotations

from pathlib import Path
import sys
from transpiler import flow

sys.path.append(str(Path(__file__).parents[1] / "lib"))

import shared


@flow.step
def run(spec: dict[str, str]) -> None:
    """Run."""
    print(shared.NAME)


@flow.workflow
def provision() -> flow.Step[dict[str, str]]:
    """Set it up."""
    return flow.do(run())
