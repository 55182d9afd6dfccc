"""A step that changes what it is given."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Order:
    """What was packed."""

    journal: list[str] = field(init=False, default_factory=list)


@dataclass
class Box:
    """What goes into a parcel."""

    goods: list[str] = field(default_factory=list)


@flow.step
def pack(order: Order, goods: list[str]) -> None:
    """Pack goods, and a slip with them."""
    goods.append("slip")
    order.journal.append(f"pack {goods}")


@flow.step
def close(order: Order, box: Box, sizes: tuple[list[int], int]) -> None:
    """Close a box."""
    box.goods.append("seal")
    sizes[0].append(sizes[1])
    order.journal.append(f"close {box} {sizes}")


def packed(goods: list[str]) -> flow.Step[Order]:
    """Pack the same goods twice."""
    return flow.do(pack(goods), pack(goods))


@flow.workflow
def send_order() -> flow.Step[Order]:
    """Send an order."""
    goods = ["book"]
    box = Box(["lamp"])
    return flow.do(
        flow.retry(pack(["pen", "ink"]), flow.up_to(2), flow.fixed_backoff(1)),
        flow.repeat(2, pack(["stamps"])),
        packed(goods),
        flow.repeat(2, close(box, ([1, 2], 3))),
        flow.in_serial(flow.for_each([["cup"], ["plate"]], lambda each: pack(each))),
    )
