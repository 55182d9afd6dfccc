"""What the tests of the command line write and call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

Write = Callable[[str, str], Path]
Flowc = Callable[..., Result]

PYPROJECT = """\
[tool.flowc]
sources = ["flows/*.py"]
output = "generated"
"""

WORKFLOW = """\
from transpiler import flow


@flow.step
def greet(spec: dict) -> None:
    print("hello")


@flow.workflow
def provision() -> flow.Step[dict]:
    \"\"\"Provision it.\"\"\"
    return flow.do(greet())
"""
