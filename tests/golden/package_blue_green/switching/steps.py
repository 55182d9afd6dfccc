"""What can be done."""

from __future__ import annotations

from transpiler import flow

from .model import Color, Stack


@flow.step
def deploy(stack: Stack, color: Color, version: str) -> None:
    """Deploy a version to a stack."""
    stack.events.append(f"deploy {version} to {color}")


@flow.step
def shift(stack: Stack, color: Color, percent: int) -> None:
    """Shift traffic."""
    stack.traffic[color] = percent


@flow.step
def smoke(stack: Stack, color: Color, path: str) -> None:
    """Test a page."""
    if path == "/broken":
        raise ConnectionError(path)


@flow.step
def destroy(stack: Stack, color: Color) -> None:
    """Destroy a stack."""
    stack.events.append(f"destroy {color}")


@flow.step
def page(stack: Stack, text: str, severity: int) -> None:
    """Page."""
    stack.events.append(f"{severity} {text}")


@flow.extract
def live(stack: Stack) -> Color:
    """Which is live."""
    return stack.live
