"""Check who may come in."""

from __future__ import annotations

from transpiler import flow

ROLE = r"user‮ ⁦# admin⁩ ⁦"


@flow.step
def admit(house: dict[str, str], name: str) -> None:
    """Let somebody in."""
    house[name] = ROLE


@flow.workflow
def open_house() -> flow.Step[dict[str, str]]:
    """Open the house."""
    return flow.do(admit("Ada"))
