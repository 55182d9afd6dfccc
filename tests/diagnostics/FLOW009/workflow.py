"""Sort mail."""

from __future__ import annotations

from transpiler import flow


@flow.step
def print(mail: dict[str, str], letter: str) -> None:
    """Print a letter: a step may be called so."""
    mail[letter] = "printed"


@flow.workflow
def filter() -> flow.Step[dict[str, str]]:
    """Sort the mail."""
    return flow.do(print("invoice"))
