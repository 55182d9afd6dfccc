"""Each statement with the comment is an error for both checkers, and no other is."""

# ruff: noqa: B018

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum

from transpiler import flow


class Zone(Enum):
    EU = "eu"


@dataclass
class Job:
    name: str
    replica: bool
    users: list[str]


@dataclass
class Other:
    title: str
    flag: bool


@flow.step
def prepare(job: Job) -> None:
    pass


@flow.step
def create_user(job: Job, username: str) -> None:
    pass


@flow.step
def set_size(job: Job, size: int, *, unit: str = "GB") -> None:
    pass


@flow.step
def other_step(other: Other) -> None:
    pass


@flow.extract
def list_users(job: Job) -> list[str]:
    return job.users


@flow.extract
def users_in(job: Job, zone: str) -> list[str]:
    return job.users


@flow.extract
def name_of(job: Job) -> str:
    return job.name


@flow.extract
def other_title(other: Other) -> str:
    return other.title


@flow.extract
@contextmanager
def open_other(job: Job) -> Iterator[Other]:
    yield Other("x", True)


@flow.transform
def shout(job: Job, text: str) -> str:
    return text


@flow.transform
def measure(job: Job, text: str) -> int:
    return len(text)


@flow.transform
def other_shout(other: Other, text: str) -> str:
    return text


@flow.consume
def store(job: Job, text: str) -> None:
    pass


@flow.consume
def store_object(job: Job, thing: object) -> None:
    pass


@flow.consume
def other_store(other: Other, text: str) -> None:
    pass


@flow.predicate
def is_replica(job: Job) -> bool:
    return job.replica


@flow.predicate
def has_user(job: Job, username: str) -> bool:
    return username in job.users


@flow.predicate
def is_flagged(other: Other) -> bool:
    return other.flag


def plain(job: Job) -> None:
    pass


def plain_other(other: Other) -> None:
    pass


def plain_with_argument(job: Job, number: int) -> None:
    pass


def derive_other(job: Job) -> Other:
    return Other(job.name, job.replica)


def returns_text(job: Job) -> str:
    return job.name


# --- Leaves.


@flow.step  # error
def step_that_returns(job: Job) -> str:
    return job.name


@flow.predicate  # error
def predicate_that_returns_text(job: Job) -> str:
    return job.name


@flow.consume  # error
def consume_without_input(job: Job) -> None:
    pass


@flow.transform  # error
def transform_without_input(job: Job) -> str:
    return job.name


@flow.step  # error
def step_without_state() -> None:
    pass


@flow.workflow  # error
def workflow_that_returns_nothing() -> None:
    pass


@flow.workflow
def needs_name(name: str) -> flow.Step[Job]:
    return create_user(name)


@flow.workflow
def mixed_workflow() -> flow.Step[Job]:
    return flow.do(prepare, other_step)  # error


@flow.workflow
def mixed_deep() -> flow.Step[Job]:
    return flow.do(prepare, flow.retry(flow.do(other_step()), flow.up_to(3)))  # error


@flow.workflow
def wrong_state() -> flow.Step[Other]:
    return flow.do(prepare)  # error


create_user()  # error
create_user(3)  # error
create_user("a", "b")  # error
create_user(name="a")  # error
set_size("3")  # error
set_size(3, "GB")  # error
set_size(flow.env("SIZE"))  # error
prepare(Job("a", False, []))  # error
prepare().run(Other("a", True))  # error
create_user.fn(Job("a", False, []), 3)  # error
needs_name()  # error
needs_name.run(Job("a", False, []))  # error
mixed_workflow.run(Other("a", True))  # error

# --- Mixed states, nothing annotated around.
flow.do(prepare(), other_step())  # error
flow.do(prepare, other_step)  # error
flow.do(prepare, other_step())  # error
flow.do(prepare(), plain_other)  # error
flow.do(plain, other_step)  # error
module_level = flow.do(prepare(), flow.sleep(1), other_step())  # error
flow.do(prepare(), flow.do(flow.do(other_step())))  # error
flow.do(prepare(), flow.when(lambda job: job.replica, other_step()))  # error
flow.steps(prepare(), other_step())  # error
flow.in_serial(prepare(), other_step())  # error
flow.in_serial(flow.for_each(list_users, create_user), other_step())  # error
flow.in_parallel(
    flow.for_each(list_users, create_user), flow.steps(other_step)
)  # error
flow.for_each(list_users, lambda user: other_step())  # error
flow.for_each(other_title, create_user)  # error
flow.from_(list_users, flow.map_(lambda user: other_step()))  # error
flow.from_(list_users, other_shout)  # error
flow.switch(name_of, {"a": prepare(), "b": other_step()})  # error
flow.switch(name_of, {"a": other_step})  # error
flow.switch(other_title, {"a": prepare})  # error
flow.switch(name_of, {"a": prepare}, otherwise=other_step)  # error
flow.when(is_flagged, prepare)  # error
flow.when(is_flagged(), prepare())  # error
flow.when(is_replica, prepare, other_step)  # error
flow.unless(is_flagged, prepare)  # error
flow.while_(is_flagged, prepare)  # error
flow.until(is_flagged, prepare)  # error
flow.and_(is_replica, is_flagged)  # error
flow.or_(is_replica(), is_flagged())  # error
is_replica & is_flagged  # error
is_replica() | is_flagged()  # error
flow.ensure(prepare, other_step)  # error
flow.on_error(prepare, flow.fallback_to(other_step))  # error
flow.on_error(prepare, {KeyError: other_step})  # error
flow.on_error(prepare, lambda job, error: other_step())  # error
flow.with_(name_of, other_store)  # error
flow.with_(list_users, flow.apply(other_store))  # error
flow.pipeline(name_of, other_shout, store)  # error
flow.pipeline(other_title, shout, store)  # error
flow.chain(shout, other_shout)  # error
flow.feed(shout, other_store)  # error
flow.spawn(derive_other, prepare)  # error
flow.using(open_other, prepare)  # error

# --- What is not the kind that is wanted.
flow.do(3)  # error
flow.do(None)  # error
flow.do("prepare")  # error
flow.do([prepare()])  # error
flow.do(name_of)  # error
flow.do(store)  # error
flow.do(shout)  # error
flow.do(is_replica)  # error
flow.do(create_user)  # error
flow.do(needs_name)  # error
flow.do(plain_with_argument)  # error
flow.do(returns_text)  # error
flow.do(flow.for_each(list_users, create_user))  # error
flow.do(lambda: prepare())  # error
flow.in_serial(list_users)  # error
flow.for_each(list_users, set_size)  # error
flow.for_each(list_users, prepare)  # error
flow.for_each(list_users, lambda user: None)  # error
flow.for_each(list_users, lambda user: user)  # error
flow.for_each(list_users, lambda user: set_size(user))  # error
flow.for_each(lambda job: job.user, lambda user: create_user(user))  # error
flow.for_each(["a"], set_size)  # error
flow.for_each([1, 2], create_user)  # error
flow.for_each(3, create_user)  # error
flow.for_each(users_in, create_user)  # error
flow.from_(name_of, flow.map_(set_size))  # error
flow.when(returns_text, prepare)  # error
flow.when(name_of, prepare)  # error
flow.when(has_user, prepare)  # error
flow.when(lambda job: job.users, prepare)  # error
flow.when(lambda job: job.missing, prepare)  # error
flow.unless(lambda job: job.missing, flow.do(prepare))  # error
flow.when(True, prepare)  # error
flow.when(prepare, prepare)  # error
flow.when(is_replica)  # error
flow.not_(prepare)  # error
~has_user  # error
has_user & is_replica  # error
flow.switch(name_of, {"a": name_of})  # error
flow.with_(name_of, shout)  # error
flow.with_(list_users, store)  # error
flow.with_(name_of, flow.apply(measure))  # error
flow.from_(name_of, store)  # error
flow.from_(name_of, store_object)  # error
flow.from_(name_of, store, store)  # error
flow.from_(list_users, shout)  # error
flow.pipeline(name_of, measure, store)  # error
flow.pipeline(name_of, store, store_object)  # error
flow.pipeline(name_of, store_object(), store_object)  # error
flow.pipeline(name_of, shout)  # error
flow.pipeline(name_of, shout, shout)  # error
flow.pipeline(shout, store)  # error
flow.pipeline(list_users, flow.render(shout), store)  # error
flow.chain(measure, shout)  # error
flow.chain(shout, store)  # error
flow.feed(measure, store)  # error
flow.feed(store, shout)  # error
flow.render(store)  # error
flow.apply(shout)  # error
flow.collect(shout)  # error
flow.from_(list_users, flow.flatten, flow.render(measure), flow.apply(store))  # error
flow.spawn(name_of, other_step)  # error
flow.using(derive_other, other_step)  # error

# --- Plain arguments of combinators.
flow.up_to("3")  # error
flow.up_to()  # error
flow.retry(prepare, 3)  # error
flow.retry(prepare, flow.up_to)  # error
flow.retry(prepare, on="OSError")  # error
flow.retry(prepare, on=int)  # error
flow.retry(prepare, on=KeyboardInterrupt)  # error
flow.retry(prepare, on=[OSError])  # error
flow.fixed_backoff("2")  # error
flow.fixed_backoff(2, jitter="half")  # error
flow.exponential_backoff()  # error
flow.exponential_backoff(0.1, 3)  # error
flow.only_if(lambda error: "yes")  # error
flow.only_if(True)  # error
flow.ignore_error(prepare, on=SystemExit)  # error
flow.on_error(prepare, {"KeyError": prepare})  # error
flow.on_error(prepare, {int: prepare})  # error
flow.on_error(prepare, {(KeyError, int): prepare})  # error
flow.on_error(prepare, {KeyboardInterrupt: prepare})  # error
flow.on_error(prepare, {KeyError: 3})  # error
flow.on_error(prepare, {KeyError: create_user})  # error
flow.on_error(prepare, prepare)  # error
flow.on_error(prepare, lambda job: prepare())  # error
flow.on_error(prepare)  # error
flow.with_timeout("60", prepare)  # error
flow.with_timeout(prepare, 60)  # error
flow.with_deadline(60, prepare)  # error
flow.in_parallel(prepare, limit="4")  # error
flow.in_parallel(prepare, jobs=4)  # error
flow.do(prepare, join_errors="yes")  # error
flow.repeat(prepare, 3)  # error
flow.sleep("5")  # error
flow.named(prepare)  # error
flow.named(3, prepare)  # error
flow.named("x", create_user)  # error
flow.named("x", 3)  # error
flow.with_logging(prepare, "INFO")  # error
flow.with_logging(name_of)  # error
flow.traced(prepare)  # error
flow.env(3)  # error
flow.do(  # error
    prepare,
    flow.in_serial(
        flow.for_each(
            lambda job: job.users,
            lambda user: flow.do(create_user(user), other_step()),
        ),
    ),
)
flow.for_each(list_users, lambda user: flow.do(create_user(user), other_step))  # error
flow.for_each(
    list_users, lambda user: flow.when(is_flagged, create_user(user))
)  # error
flow.for_each(
    list_users, lambda user: flow.when(lambda job: job.no, create_user(user))
)  # error
flow.for_each(
    list_users, lambda user: flow.ensure(create_user(user), other_step)
)  # error
flow.for_each(
    list_users, lambda user: flow.on_error(prepare, {KeyError: other_step})
)  # error
flow.for_each(list_users, lambda user: flow.retry(create_user(user), 3))  # error
flow.for_each(
    list_users, lambda user: flow.retry(create_user(user.size), flow.up_to(3))
)  # error
flow.for_each(
    list_users, lambda user: flow.named("x", flow.do(create_user(user), 3))
)  # error


def inside_lambdas() -> flow.Step[Job]:
    return flow.do(
        prepare,
        flow.in_parallel(
            flow.for_each(
                list_users,
                lambda user: flow.do(create_user(user), other_step),  # error
            ),
        ),
    )


def inside_nested_lambdas() -> flow.Step[Job]:
    return flow.in_serial(
        flow.for_each(
            lambda job: job.users,
            lambda user: flow.in_serial(
                flow.for_each(
                    lambda job: job.users,
                    lambda other: flow.named(
                        user,
                        flow.do(create_user(other), flow.retry(other_step())),  # error
                    ),
                ),
            ),
        ),
    )


def inside_handlers() -> flow.Step[Job]:
    return flow.on_error(
        prepare,
        lambda job, error: flow.do(create_user(job.name), other_step()),  # error
    )


def wrong_provider() -> flow.Step[Other]:
    return flow.in_serial(flow.for_each(list_users, create_user))  # error


def wrong_child() -> flow.Step[Job]:
    return flow.using(
        open_other, flow.do(other_step, flow.unless(is_replica, other_step))
    )  # error


@flow.step  # error
async def asynchronous(job: Job) -> None:
    pass
