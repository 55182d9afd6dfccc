"""Combinators with nothing in them."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Desk:
    """A desk."""

    tidy: bool = False
    asked: list[str] = field(init=False, default_factory=list)


@flow.predicate
def is_tidy(desk: Desk) -> bool:
    """Look, and remember that somebody looked."""
    desk.asked.append("tidy?")
    return desk.tidy


@flow.extract
def list_papers(desk: Desk) -> list[str]:
    """Look what lies there, and remember it."""
    desk.asked.append("papers?")
    return ["a letter"]


@flow.step
def sit_down(desk: Desk) -> None:
    """Sit down."""
    desk.asked.append("sit")


@flow.workflow
def do_little() -> flow.Step[Desk]:
    """Do very little."""
    return flow.do(
        flow.do(),
        flow.in_parallel(),
        flow.in_serial(),
        flow.in_parallel(flow.steps()),
        flow.retry(flow.do(), flow.up_to(3)),
        flow.ignore_error(flow.do()),
        flow.named("nothing", flow.do()),
        flow.when(is_tidy, flow.do()),
        flow.unless(
            is_tidy,
            flow.do(),
        ),
        flow.when(is_tidy, flow.do(), sit_down),
        flow.in_serial(flow.for_each(list_papers, lambda paper: flow.do())),
        flow.in_parallel(flow.for_each(list_papers, lambda paper: flow.do())),
        flow.in_serial(flow.for_each([], lambda paper: sit_down())),
    )
