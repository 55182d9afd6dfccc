# pyright: strict
"""Every combinator at least once, in workflows such as people write."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path

from transpiler import flow


class Zone(Enum):
    EU = "eu"
    US = "us"


@dataclass(frozen=True)
class Server:
    name: str
    zone: Zone
    tags: tuple[str, ...] = ()


@dataclass
class Job:
    """The state."""

    name: str
    replica: bool
    users: list[str]
    servers: list[Server]
    zone: Zone = Zone.EU


@dataclass
class Child:
    user: str
    done: bool = False


class HttpError(Exception):
    status: int = 500


@flow.step
def prepare(job: Job) -> None:
    """Needs no arguments."""


@flow.step
def announce(job: Job, channel: str = "ops", *, urgent: bool = False) -> None:
    """Has defaults only."""


@flow.step
def create_user(job: Job, username: str) -> None:
    """Needs one argument."""


@flow.step
def grant(job: Job, username: str, privilege: str, *, on: str = "*") -> None:
    """Needs two."""


@flow.step
def install(job: Job, server: Server) -> None:
    """Needs an item."""


@flow.step
def child_step(child: Child) -> None:
    """Of another state."""


@flow.extract
def list_users(job: Job) -> list[str]:
    return job.users


@flow.extract
def servers_in(job: Job, zone: Zone) -> list[Server]:
    return [server for server in job.servers if server.zone == zone]


@flow.extract
def next_line(job: Job) -> str:
    raise flow.Exhausted


@flow.extract
def zone_of(job: Job) -> Zone:
    return job.zone


@flow.extract
@contextmanager
def open_child(job: Job, user: str = "root") -> Generator[Child]:
    yield Child(user)


@flow.extract
@contextmanager
def open_generator(job: Job) -> Generator[Child]:
    yield Child("x")


@flow.transform
def shout(job: Job, text: str) -> str:
    return text.upper()


@flow.transform
def shout_all(job: Job, texts: list[str]) -> list[str]:
    return [text.upper() for text in texts]


@flow.transform
def truncate(job: Job, text: str, length: int, *, ellipsis: str = "...") -> str:
    return text[:length] + ellipsis


@flow.transform
def measure(job: Job, text: str) -> int:
    return len(text)


@flow.consume
def store(job: Job, text: str) -> None:
    """Takes a str."""


@flow.consume
def store_number(job: Job, number: int, table: str = "numbers") -> None:
    """Takes an int."""


@flow.consume
def store_all(job: Job, texts: list[str]) -> None:
    """Takes a list."""


@flow.predicate
def is_replica(job: Job) -> bool:
    return job.replica


@flow.predicate
def is_big(job: Job, limit: int = 10) -> bool:
    return len(job.users) > limit


@flow.predicate
def has_user(job: Job, username: str) -> bool:
    return username in job.users


def plain_step(job: Job) -> None:
    """A plain function."""


def plain_with_argument(job: Job, number: int) -> None:
    """For a partial."""


def make_step(name: str) -> Callable[[Job], None]:
    """A constructor of a closure."""

    def run(job: Job) -> None:
        job.users.append(name)

    return run


def onboard(user: str) -> flow.Step[Job]:
    """A constructor of a composite."""
    return flow.auto_named(flow.do(create_user(user), grant(user, "ALL", on="db")))


def onboard_server(server: Server) -> flow.Step[Job]:
    return flow.named(f"server {server.name}", flow.do(install(server), plain_step))


def derive_child(job: Job) -> Child:
    return Child(job.name)


# --- Leaves, and what serves where a kind is expected.

one: flow.Step[Job] = create_user("admin")
create_user(username="admin")
create_user(flow.env("ADMIN"))
create_user(flow.env("ADMIN", "root"))
announce("dev", urgent=True)
create_user.fn(Job("x", False, [], []), "admin")
kinds = flow.do(
    prepare,
    prepare(),
    announce,
    plain_step,
    lambda job: job.users.append("lambda"),
    make_step("closure"),
    functools.partial(plain_with_argument, number=3),
    functools.partial(plain_with_argument, number=4),
)
annotated_kinds: flow.Step[Job] = kinds
with_partial: flow.Step[Job] = flow.do(functools.partial(plain_with_argument, number=3))
kinds.run(Job("x", False, [], []))
kinds(Job("x", False, [], []))
users: list[str] = list_users().run(Job("x", False, [], []))
text: str = shout().run(Job("x", False, [], []), "text")
store().run(Job("x", False, [], []), "text")
truth: bool = is_big(3).run(Job("x", False, [], []))


@flow.workflow
def parameters(name: str, count: int = 3) -> flow.Step[Job]:
    return flow.repeat(count, create_user(name))


@flow.workflow
def defaults(count: int = 3) -> flow.Step[Job]:
    return flow.repeat(count, prepare)


parameters("x").run(Job("x", False, [], []))
parameters("x", count=4)
defaults.run(Job("x", False, [], []))
nested_workflow: flow.Step[Job] = flow.do(
    defaults, defaults(), defaults(4), parameters("x")
)


# --- Sequence and parallel, without any annotation around.

sequence = flow.do(
    prepare(),
    flow.do(),
    flow.do(join_errors=True),
    flow.do(prepare, create_user("a"), join_errors=True),
    flow.in_serial(create_user("a"), prepare, flow.steps(create_user("b"), prepare)),
    flow.in_serial(
        flow.for_each(list_users, create_user),
        flow.for_each(list_users(), create_user),
        flow.for_each(list_users, lambda user: create_user(user)),
        flow.for_each(servers_in(Zone.EU), onboard_server),
        flow.for_each(["a", "b"], create_user),
        flow.for_each(("a", "b"), onboard),
        flow.for_each(["a", "b"], lambda user: grant(user, f"ALL ON {user}_db")),
        flow.for_each([Server("a", Zone.EU)], lambda server: create_user(server.name)),
        flow.for_each(list_users, make_step),
        flow.for_each(
            list_users, lambda user: flow.when(has_user(user), create_user(user))
        ),
        flow.for_each(range(3), lambda number: create_user(f"user_{number}")),
        join_errors=True,
    ),
    flow.in_parallel(
        flow.for_each(servers_in(Zone.US), install),
        create_user("c"),
        lambda job: job.users.clear(),
        limit=4,
        join_errors=True,
    ),
    flow.in_parallel(),
    flow.in_serial(flow.from_(list_users, flow.map_(create_user))),
    flow.in_parallel(flow.from_(list_users, shout_all, flow.map_(onboard)), limit=2),
    flow.in_serial(
        flow.from_(list_users, shout_all, flow.map_(lambda u: grant(u, u.upper()))),
    ),
    flow.in_parallel(flow.from_(servers_in(Zone.EU), flow.map_(onboard_server))),
    flow.in_parallel(
        flow.from_(list_users(), flow.map_(lambda user: grant(user, user.upper()))),
    ),
    flow.repeat(3, prepare),
    flow.sleep(0.5),
    flow.sleep(timedelta(minutes=1)),
    flow.switch(zone_of, {Zone.EU: prepare, Zone.US: create_user("us")}),
    flow.switch(zone_of(), {Zone.EU: prepare()}, otherwise=plain_step),
    flow.in_serial(
        flow.for_each(
            servers_in(Zone.EU),
            lambda server: flow.switch(
                server.zone,
                {Zone.EU: install(server), Zone.US: prepare},
                otherwise=prepare,
            ),
        ),
    ),
)
sequence.run(Job("x", False, [], []))


# --- Lambdas everywhere, the return annotation known.


def lambdas() -> flow.Step[Job]:
    return flow.do(
        lambda job: job.users.append("x"),
        flow.when(lambda job: job.replica, lambda job: job.users.append("y")),
        flow.when(
            lambda job: job.replica, prepare, otherwise=lambda job: job.users.clear()
        ),
        flow.unless(lambda job: job.replica, create_user("x")),
        flow.unless(lambda job: len(job.users) > 3, flow.do(create_user("x"), prepare)),
        flow.while_(lambda job: bool(job.users), lambda job: job.users.clear()),
        flow.in_serial(
            flow.for_each(
                lambda job: job.servers, lambda server: create_user(server.name)
            ),
            flow.for_each(
                lambda job: job.servers,
                lambda server: flow.do(
                    install(server),
                    flow.unless(lambda job: job.replica, create_user(server.name)),
                    flow.in_parallel(
                        flow.for_each(
                            lambda job: job.users,
                            lambda user: grant(user, server.name),
                        ),
                    ),
                ),
            ),
        ),
        flow.switch(lambda job: job.name, {"a": prepare, "b": create_user("b")}),
        flow.on_error(
            lambda job: job.users.clear(),
            lambda job, error: create_user(f"{job.name} {error}"),
        ),
        flow.retry(flow.do(lambda job: job.users.append("x")), flow.up_to(2)),
        flow.with_(lambda job: job.name, store),
        flow.with_(lambda job: job.name, lambda job, text: job.users.append(text)),
        flow.pipeline(lambda job: job.name, shout, measure, store_number),
        flow.pipeline(next_line, lambda job, line: line.strip(), store),
        flow.pipeline(next_line, shout, lambda job, line: job.users.append(line)),
        flow.spawn(lambda job: Child(job.name), child_step),
        flow.spawn(
            lambda job: Child(job.name), flow.when(lambda child: child.done, child_step)
        ),
        flow.using(lambda job: open_child.fn(job, "x"), child_step),
        flow.in_serial(flow.from_(lambda job: job.users, flow.map_(create_user))),
    )


# --- Conditions.

conditions = flow.do(
    flow.when(is_replica, prepare),
    flow.when(is_big(3), prepare, create_user("small")),
    flow.when(~is_replica, prepare),
    flow.when(is_replica & is_big(), prepare),
    flow.when(is_replica & is_big, prepare),
    flow.when(is_big(4) | is_replica & ~has_user("x"), prepare),
    flow.when(flow.or_(is_big, lambda job: job.replica), prepare),
    flow.unless(flow.not_(is_replica), prepare),
    flow.until(
        flow.and_(is_replica, is_big(2), lambda job: job.replica), flow.sleep(1)
    ),
    flow.while_(flow.or_(has_user("a"), flow.and_()), plain_step),
    flow.when(lambda job: job.replica, create_user("x")),
    flow.unless(lambda job: job.replica, prepare),
    flow.unless(flow.not_(lambda job: job.replica), create_user("x")),
    flow.until(lambda job: job.replica, flow.do(flow.sleep(1), prepare)),
)
both: flow.Predicate[Job] = is_replica & is_big()


# --- Errors.


def is_transient(error: HttpError) -> bool:
    return error.status == 503


def choose(job: Job, error: Exception) -> flow.Step[Job] | None:
    if isinstance(error, TimeoutError):
        return create_user("timeout")
    return None


errors = flow.do(
    flow.retry(prepare),
    flow.retry(
        create_user("x"),
        flow.only_if(lambda error: error.status == 503),
        flow.only_if(is_transient),
        flow.only_if(lambda error: isinstance(error, HttpError)),
        flow.up_to(3),
        flow.fixed_backoff(2, jitter=0.1, max_delay=timedelta(seconds=3)),
        flow.exponential_backoff(0.1, multiplier=3, jitter="full", max_delay=30),
        on=HttpError,
    ),
    flow.retry(prepare, flow.up_to(2), on=(OSError, KeyError)),
    flow.ignore_error(prepare),
    flow.ignore_error(lambda job: job.users.clear(), on=(OSError, KeyError)),
    flow.on_error(prepare, flow.fallback_to(create_user("fallback"))),
    flow.on_error(prepare(), flow.fallback_to(prepare)),
    flow.on_error(prepare, flow.fallback_to(flow.do())),
    flow.on_error(create_user("x"), {TimeoutError: prepare, KeyError: None}),
    flow.on_error(create_user("x"), {KeyError: None}),
    flow.on_error(create_user("x"), {(KeyError, OSError): create_user("y")}),
    flow.on_error(
        create_user("x"), {(KeyError, OSError): prepare, HttpError: plain_step}
    ),
    flow.on_error(create_user("x"), {Exception: lambda job: job.users.clear()}),
    flow.on_error(create_user("x"), choose),
    flow.on_error(create_user("x"), lambda job, error: create_user(str(error))),
    flow.on_error(
        create_user("x"),
        lambda job, error: prepare() if isinstance(error, KeyError) else None,
    ),
    flow.recover_panics(prepare),
    flow.ensure(prepare, create_user("cleanup")),
    flow.ensure(create_user("x"), lambda job: job.users.clear()),
    flow.with_timeout(60, prepare),
    flow.with_timeout(timedelta(minutes=1), flow.do(prepare, flow.sleep(1))),
    flow.with_deadline(datetime.now(UTC) + timedelta(hours=1), prepare),
)
handlers = {KeyError: prepare(), OSError: create_user("x")}
handled = flow.on_error(create_user("x"), handlers)
left: float | None = flow.remaining()
panic: Exception = flow.RecoveredPanic("panic recovered: 3")


# --- Data.


def strip(job: Job, text: str) -> str:
    return text.strip()


def split(job: Job, text: str) -> list[str]:
    return text.split()


def sum_up(job: Job, numbers: list[int]) -> None:
    """A plain consume."""


data = flow.do(
    flow.with_(next_line, store),
    flow.with_(next_line(), lambda job, line: job.users.append(line)),
    flow.with_(flow.value("constant"), store),
    flow.with_(flow.value(["a", "b"]), flow.apply(store)),
    flow.with_(flow.from_(list_users, shout_all), store_all),
    flow.with_(flow.from_(list_users, shout_all, shout_all), store_all()),
    flow.with_(flow.collect(next_line), store_all),
    flow.with_(flow.from_(flow.collect(next_line), flow.render(shout)), store_all),
    flow.pipeline(next_line, store),
    flow.pipeline(next_line, shout, store),
    flow.pipeline(
        next_line, strip, shout(), truncate(30, ellipsis=""), measure, store_number
    ),
    flow.pipeline(
        next_line, shout, shout, shout, shout, shout, measure, store_number("t")
    ),
    flow.pipeline(list_users, flow.render(shout), flow.apply(store)),
    flow.pipeline(
        list_users, flow.render(flow.chain(shout, measure)), flow.apply(store_number)
    ),
    flow.pipeline(list_users, flow.apply(flow.feed(shout, measure, store_number))),
    flow.pipeline(flow.value([["a"], ["b"]]), flow.flatten, flow.apply(store)),
    flow.pipeline(list_users, flow.render(split), flow.flatten, store_all),
    flow.with_(
        flow.from_(list_users, flow.render(lambda job, user: len(user))), sum_up
    ),
    flow.with_(list_users, flow.apply(lambda job, user: job.users.append(user))),
    flow.pipeline(next_line, lambda job, line: line.split(), store_all),
    flow.pipeline(next_line, lambda job, line: line.split(), flow.apply(store)),
    flow.pipeline(list_users, flow.apply(lambda job, user: job.users.append(user))),
)
lengths: flow.Extract[Job, list[int]] = flow.from_(list_users, flow.render(measure))
chained: flow.Transform[Job, str, int] = flow.chain(shout, strip, measure)
fed: flow.Consume[Job, str] = flow.feed(shout, measure, store_number)
flat: flow.Extract[Job, list[Server]] = flow.from_(
    flow.collect(servers_in(Zone.EU)), flow.flatten
)


# --- State and resources.

state = flow.do(
    prepare,
    flow.spawn(derive_child, child_step),
    flow.spawn(
        derive_child,
        flow.do(child_step, flow.when(lambda child: child.done, child_step)),
    ),
    flow.using(open_child, child_step),
    flow.using(open_child("someone"), flow.do(child_step, child_step())),
    flow.using(open_generator, flow.retry(child_step, flow.up_to(2))),
)


# --- Seeing what happens.

seen = flow.do(
    flow.named("a step", create_user("x")),
    flow.named("bare", prepare),
    flow.named(
        "composite", flow.do(prepare, flow.when(lambda job: job.replica, prepare))
    ),
    flow.in_serial(flow.named("provider", flow.for_each(list_users, create_user))),
    flow.with_(flow.named("an extract", next_line), flow.named("a consume", store)),
    flow.pipeline(next_line, flow.named("t", shout()), flow.named("c", store())),
    flow.pipeline(
        flow.value([["a"], ["b"]]),
        flow.named("flat", flow.flatten),
        flow.named("all", flow.apply(store)),
    ),
    flow.named("partial", functools.partial(create_user, "x")),
    flow.when(flow.named("a predicate", is_replica), prepare),
    flow.when(flow.named("a predicate", is_big(3)), prepare),
    flow.with_logging(prepare),
    flow.with_logging(create_user("x"), level=logging.DEBUG),
    flow.traced(prepare, to="trace.jsonl"),
    flow.traced(flow.do(prepare), to=Path("trace.jsonl")),
)
path: tuple[str, ...] = flow.names()


def hint() -> flow.Step[Job]:
    """What has no state of its own, as a whole workflow."""
    return flow.sleep(5)


def nothing() -> flow.Step[Job]:
    return flow.do()


def pauses() -> flow.Step[Job]:
    return flow.do(flow.sleep(1), flow.retry(flow.sleep(2)), flow.do())


def generated() -> flow.Step[Job]:
    """Steps from a Python loop."""
    creations = [create_user(name) for name in ("a", "b")]
    return flow.do(*creations, prepare, *[grant(name, "ALL") for name in ("a", "b")])
