"""Resources that are called alike."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class House:
    """A house with things in it."""

    journal: list[str] = field(init=False, default_factory=list)


@dataclass
class Oven:
    """Something hot."""

    house: House


@dataclass
class Fridge:
    """Something cold."""

    house: House


@flow.extract
@contextmanager
def switch_on(house: House) -> Iterator[Oven]:
    """Heat the oven, and cool it again."""
    house.journal.append("on")
    try:
        yield Oven(house)
    finally:
        house.journal.append("off")


@flow.extract
def open_fridge(house: House) -> AbstractContextManager[Fridge]:
    """Open the fridge."""
    return nullcontext(Fridge(house))


@flow.extract
def find_fridge(house: House) -> Fridge:
    """Look for the fridge."""
    return Fridge(house)


@flow.extract
def find_oven(fridge: Fridge) -> Oven:
    """Look beside it."""
    return Oven(fridge.house)


@flow.step
def bake(it: Oven, what: str) -> None:
    """Bake something."""
    it.house.journal.append(f"bake {what}")


@flow.step
def cool(it: Fridge, what: str) -> None:
    """Cool something."""
    it.house.journal.append(f"cool {what}")


@flow.step
def clean(it: House) -> None:
    """Clean the house."""
    it.journal.append("clean")


@flow.workflow
def cook() -> flow.Step[House]:
    """Cook."""
    return flow.do(
        flow.using(switch_on, bake("bread")),
        flow.using(open_fridge, cool("butter")),
        flow.using(switch_on, flow.do()),
        flow.using(
            open_fridge,
            flow.do(cool("milk"), flow.spawn(find_oven, bake("cake")), cool("cream")),
        ),
        flow.spawn(find_fridge, flow.do(cool("water"), cool("wine"))),
        flow.spawn(find_fridge, flow.do()),
        flow.spawn(
            find_fridge,
            flow.in_parallel(
                flow.do(cool("jam"), cool("juice")), flow.spawn(find_oven, bake("pie"))
            ),
        ),
        flow.named("at last", flow.using(switch_on, flow.named("slowly", bake("ham")))),
        clean,
    )
