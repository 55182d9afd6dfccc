"""Combinators of all kinds with nothing in them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Desk:
    """A desk."""

    asked: list[str] = field(init=False, default_factory=list)


@flow.predicate
def is_tidy(desk: Desk) -> bool:
    """Look, and remember that somebody looked."""
    desk.asked.append("tidy?")
    return True


@flow.predicate
def is_full(desk: Desk) -> bool:
    """Look into it, and remember that, too."""
    desk.asked.append("full?")
    return False


@flow.extract
def read_papers(desk: Desk) -> list[str]:
    """Look what lies there, and remember it."""
    desk.asked.append("papers?")
    return []


@flow.extract
@contextmanager
def open_drawer(desk: Desk) -> Iterator[Desk]:
    """Open a drawer, and close it."""
    desk.asked.append("open")
    yield desk
    desk.asked.append("close")


@flow.extract
def find_desk(desk: Desk) -> Desk:
    """Look for another one."""
    desk.asked.append("find")
    return desk


@flow.consume
def file_away(desk: Desk, papers: list[str]) -> None:
    """File papers."""
    desk.asked.append(f"file {papers}")


@flow.step
def sit_down(desk: Desk) -> None:
    """Sit down."""
    desk.asked.append("sit")


@flow.workflow
def do_little() -> flow.Step[Desk]:
    """Do very little."""
    nothing: flow.Step[Desk] = flow.do()
    return flow.do(
        flow.do(nothing, join_errors=True),
        flow.in_serial(flow.steps(), nothing, join_errors=True),
        flow.in_parallel(join_errors=True),
        flow.while_(is_full, nothing),
        flow.until(is_tidy, nothing),
        flow.repeat(3, nothing),
        flow.switch(read_papers, {}, otherwise=nothing),
        flow.switch(lambda desk: len(desk.asked), {1: nothing, 2: nothing}),
        flow.switch(lambda desk: len(desk.asked), {1: nothing, 4: nothing}, sit_down),
        flow.switch(lambda desk: desk.asked, {"a": nothing}),
        flow.unless(lambda desk: desk.asked == [], nothing),
        flow.on_error(nothing, flow.fallback_to(sit_down)),
        flow.on_error(sit_down, flow.fallback_to(nothing)),
        flow.on_error(sit_down, {}),
        flow.recover_panics(nothing),
        flow.ensure(nothing, nothing),
        flow.ensure(nothing, sit_down),
        flow.ensure(sit_down, nothing),
        flow.spawn(find_desk, nothing),
        flow.using(open_drawer, nothing),
        flow.using(open_drawer, flow.spawn(find_desk, flow.sleep(0))),
        flow.with_(read_papers, flow.feed(file_away)),
        flow.pipeline(read_papers, flow.chain(), flow.render(flow.chain()), file_away),
        flow.with_(flow.value([]), file_away),
        flow.when(flow.and_(), nothing),
        flow.when(flow.or_(), sit_down, nothing),
        flow.when(flow.and_(is_tidy, flow.and_()), sit_down),
        flow.unless(flow.or_(is_full, flow.or_()), nothing),
        sit_down,
    )
