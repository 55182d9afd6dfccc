"""Steps that are logged where nothing has a name."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from transpiler import flow

log = logging.getLogger("kitchen")


@dataclass
class Kitchen:
    """What was cooked."""

    oven: bool = True
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def cook(kitchen: Kitchen, dish: str) -> None:
    """Cook a dish."""
    kitchen.journal.append(f"cook {dish}")


@flow.step
def serve(kitchen: Kitchen, dish: str) -> None:
    """Serve a dish."""
    kitchen.journal.append(f"serve {dish}")


def starter(dish: str) -> flow.Step[Kitchen]:
    """Cook and serve a dish."""
    return flow.do(cook(dish), serve(dish))


@flow.workflow
def make_dinner() -> flow.Step[Kitchen]:
    """Make a dinner."""
    return flow.do(
        flow.with_logging(starter("soup")),
        flow.with_logging(
            flow.retry(cook("roast"), flow.up_to(2), on=ConnectionError),
            logging.DEBUG,
        ),
        flow.with_logging(
            flow.when(lambda kitchen: kitchen.oven, flow.with_logging(serve("roast")))
        ),
    )
