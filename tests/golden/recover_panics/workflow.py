"""Steps that call sys.exit where they should raise."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Press:
    """A printing press."""

    paper: int = 3
    printed: list[str] = field(init=False, default_factory=list)


@flow.step
def print_page(press: Press, page: str) -> None:
    """Print a page; the driver is an old script."""
    if not press.paper:
        sys.exit("out of paper")
    press.paper -= 1
    press.printed.append(page)


@flow.step
def refill(press: Press) -> None:
    """Put paper in."""
    press.paper = 3


@flow.workflow
def print_book() -> flow.Step[Press]:
    """Print a book."""
    return flow.do(
        flow.recover_panics(print_page("title")),
        flow.on_error(
            flow.recover_panics(
                flow.in_serial(
                    flow.for_each(["one", "two", "three"], print_page),
                ),
            ),
            {flow.RecoveredPanic: refill},
        ),
        flow.retry(
            flow.recover_panics(flow.do(print_page("index"), print_page("colophon"))),
            flow.up_to(2),
            flow.fixed_backoff(1),
        ),
    )
