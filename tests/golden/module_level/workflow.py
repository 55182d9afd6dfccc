"""A workflow without a function."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Kitchen:
    """A kitchen."""

    menu: list[str] = field(init=False, default_factory=list)


@flow.step
def cook(kitchen: Kitchen, dish: str) -> None:
    """Cook a dish."""
    kitchen.menu.append(dish)


_starter = flow.when(lambda kitchen: not kitchen.menu, cook("soup"))

# The dinner of every evening.
dinner = flow.do(
    _starter,
    # The oven is slow.
    flow.retry(cook("roast"), flow.up_to(2), flow.fixed_backoff(60)),
    flow.in_serial(flow.for_each(["cake", "coffee"], cook)),
)
