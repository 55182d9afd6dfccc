"""Workflows whose scripts are edited by hand: see the other files here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from transpiler import flow


class ApiError(Exception):
    """The API failed."""


class QuotaError(ApiError):
    """Too much was asked for."""


@dataclass
class Fleet:
    """Servers."""

    region: str = "eu"
    dry: bool = False
    servers: list[str] = field(default_factory=list)


@dataclass
class Server:
    """One server."""

    name: str
    healthy: bool = False


@flow.extract
def server_of(fleet: Fleet, name: str) -> Server:
    """Find a server."""
    return Server(name)


@flow.extract
def list_servers(fleet: Fleet) -> list[str]:
    """List names."""
    return fleet.servers


@flow.extract
def next_page(fleet: Fleet) -> list[str]:
    """Return the next page of the report."""
    raise flow.Exhausted


@flow.transform
def parse(fleet: Fleet, line: str, sep: str = ",") -> list[str]:
    """Parse a line."""
    return line.split(sep)


@flow.transform
def total(fleet: Fleet, rows: list[list[str]]) -> int:
    """Add up."""
    return len(rows)


@flow.consume
def publish(fleet: Fleet, number: int, to: str = "chat") -> None:
    """Publish."""


@flow.consume
def archive(fleet: Fleet, row: list[str]) -> None:
    """Archive a row."""


@flow.extract
@contextmanager
def lease(fleet: Fleet, name: str) -> Iterator[Server]:
    """Hold a lease."""
    yield Server(name)


@flow.predicate
def is_healthy(server: Server) -> bool:
    """Ask it."""
    return server.healthy


@flow.predicate
def is_frozen(fleet: Fleet) -> bool:
    """Ask."""
    return False


@flow.predicate
def is_draining(fleet: Fleet, name: str) -> bool:
    """Ask."""
    return False


@flow.step
def restart(server: Server, how: str = "soft") -> None:
    """Restart."""


@flow.step
def drain(fleet: Fleet, name: str) -> None:
    """Drain."""


@flow.step
def enable(fleet: Fleet, name: str, weight: int = 100) -> None:
    """Enable."""


@flow.step
def page_oncall(fleet: Fleet, why: str = "?") -> None:
    """Page."""


@flow.step
def prepare(fleet: Fleet) -> None:
    """Prepare."""


@flow.step
def finish(fleet: Fleet, ok: bool = True) -> None:
    """Finish."""


def is_transient(error: Exception) -> bool:
    """Whether it may pass."""
    return "again" in str(error)


def explain(fleet: Fleet, error: Exception) -> flow.Step[Fleet] | None:
    """Decide."""
    if isinstance(error, QuotaError):
        return page_oncall("quota")
    if fleet.dry:
        return None
    raise error


def roll(name: str) -> flow.Step[Fleet]:
    """Roll one server."""
    return flow.named(
        f"server {name}",
        flow.ensure(
            flow.do(
                flow.retry(
                    drain(name),
                    flow.only_if(is_transient),
                    flow.up_to(4),
                    flow.exponential_backoff(0.5, max_delay=3, jitter=0.25),
                    on=(ApiError, OSError),
                ),
                flow.with_timeout(
                    timedelta(seconds=40),
                    flow.until(
                        flow.not_(lambda fleet: is_draining.fn(fleet, name)),
                        flow.sleep(4),
                    ),
                ),
                flow.using(
                    lease(name),
                    flow.do(
                        restart,
                        flow.while_(~is_healthy, restart("hard")),
                    ),
                ),
            ),
            enable(name, weight=50),
        ),
    )


@flow.workflow
def roll_fleet() -> flow.Step[Fleet]:
    """Roll all servers, two at a time."""
    return flow.on_error(
        flow.in_parallel(flow.for_each(list_servers, roll), limit=2, join_errors=True),
        explain,
    )


@flow.workflow
def guarded() -> flow.Step[Fleet]:
    """A time limit around a retry, with fallbacks."""
    return flow.do(
        prepare,
        flow.with_timeout(
            30,
            flow.retry(
                flow.do(drain("a"), flow.ignore_error(enable("a"), on=QuotaError)),
                flow.up_to(3),
                flow.fixed_backoff(10),
            ),
        ),
        flow.on_error(
            flow.with_timeout(5, flow.do(drain("b"), drain("c"))),
            {TimeoutError: page_oncall("slow"), ApiError: None},
        ),
        finish,
    )


@flow.workflow
def report() -> flow.Step[Fleet]:
    """Collect and publish."""
    return flow.do(
        flow.named(
            "report",
            flow.pipeline(
                flow.collect(next_page),
                flow.flatten,
                flow.render(parse(sep=";")),
                flow.chain(total),
                publish(to="mail"),
            ),
        ),
        flow.with_(
            flow.from_(flow.collect(next_page), flow.flatten, flow.render(parse)),
            flow.apply(archive),
        ),
    )


@flow.workflow
def zones() -> flow.Step[Fleet]:
    """Nested blocks."""
    return flow.do(
        flow.in_parallel(
            flow.named("drains", flow.for_each(["a", "b", "c"], drain)),
            flow.in_parallel(enable("x"), enable("y", weight=1), page_oncall),
            flow.do(prepare, flow.spawn(server_of("z"), restart("hard"))),
            limit=3,
        ),
        flow.in_serial(
            flow.for_each(
                list_servers, lambda s: flow.when(lambda f: f.dry, drain(s), enable(s))
            ),
            join_errors=True,
        ),
        flow.switch(
            lambda fleet: fleet.region,
            {"eu": finish, "us": finish(ok=False)},
            otherwise=prepare,
        ),
    )


@flow.workflow
def observed() -> flow.Step[Fleet]:
    """Traced and named."""
    return flow.traced(
        flow.named(
            "deploy",
            flow.do(
                flow.named("prepare", flow.retry(prepare)),
                flow.with_logging(
                    flow.named("roll", flow.in_parallel(drain("a"), drain("b")))
                ),
                flow.recover_panics(flow.named("end", finish)),
            ),
        ),
        to="trace.jsonl",
    )


@flow.workflow
def loops() -> flow.Step[Fleet]:
    """Loops and predicates."""
    return flow.do(
        flow.while_(
            is_frozen & ~flow.or_(is_draining("a"), is_draining("b")),
            flow.do(flow.sleep(1), prepare),
        ),
        flow.until(is_draining("c") | is_frozen, flow.repeat(2, drain("c"))),
        flow.unless(is_frozen, flow.do(drain("d"), enable("d"), join_errors=True)),
    )
