"""Steps that leave nothing behind."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Kitchen:
    """A kitchen."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def cook(kitchen: Kitchen, dish: str) -> None:
    """Cook a dish."""
    kitchen.journal.append(f"cook {dish}")


@flow.step
def turn_off(kitchen: Kitchen, device: str) -> None:
    """Turn a device off."""
    kitchen.journal.append(f"turn off {device}")


@flow.step
def air(kitchen: Kitchen) -> None:
    """Open the window."""
    kitchen.journal.append("air")


@flow.workflow
def prepare_dinner() -> flow.Step[Kitchen]:
    """Prepare dinner, and leave the kitchen safe."""
    return flow.do(
        flow.ensure(cook("soup"), turn_off("stove")),
        flow.ensure(
            flow.ensure(
                flow.do(cook("roast"), cook("potatoes")),
                # It stays hot for an hour.
                turn_off("oven"),
            ),
            flow.do(turn_off("fan"), air),
        ),
        flow.ensure(flow.ignore_error(cook("dessert")), turn_off("mixer")),
        flow.ensure(flow.on_error(cook("tea"), {OSError: air}), turn_off("kettle")),
        flow.ensure(flow.do(), air),
        flow.ensure(air, flow.do()),
        flow.ensure(
            cook("coffee"),
            flow.ignore_error(flow.ensure(turn_off("grinder"), turn_off("machine"))),
        ),
    )
