"""A state that is no dataclass."""

from __future__ import annotations

from transpiler import flow


@flow.step
def put(settings: dict[str, str], key: str, value: str) -> None:
    """Set a value."""
    settings[key] = value


@flow.workflow
def configure() -> flow.Step[dict[str, str]]:
    """Write a configuration."""
    return flow.do(
        put("color", "green"),
        flow.unless(lambda settings: "size" in settings, put("size", "9")),
    )
