"""A workflow with parameters."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Shop:
    """A shop."""

    shelves: list[str] = field(init=False, default_factory=list)


@flow.step
def stock(shop: Shop, goods: str, amount: int) -> None:
    """Put goods on a shelf."""
    shop.shelves.append(f"{amount} {goods}")


@flow.workflow
def open_shop(
    goods: tuple[str, ...] = ("bread", "milk"), amount: int = 3, *, careful: bool = True
) -> flow.Step[Shop]:
    """Open a shop."""
    steps = [stock(name, amount) for name in goods]
    attempts = amount if careful else 1
    return flow.do(
        *steps,
        flow.in_serial(flow.for_each(goods, lambda name: stock(name, amount * 2))),
        flow.retry(
            stock("eggs", amount + 1), flow.up_to(attempts), flow.fixed_backoff(amount)
        ),
        flow.in_parallel(
            flow.for_each(goods, lambda name: stock(name, 1)), limit=amount
        ),
    )
