"""Where the checkers fall short: each statement is an error as its comment says.

`# error (mypy)` is what only mypy reports, `# error (pyright)` what only pyright does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from transpiler import flow


class HasName(Protocol):
    name: str


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
def other_step(other: Other) -> None:
    pass


@flow.step
def show(state: HasName) -> None:
    pass


@flow.extract
def list_users(job: Job) -> list[str]:
    return job.users


@flow.extract
def users_in(job: Job, zone: str = "eu") -> list[str]:
    return job.users


@flow.extract
def name_of(job: Job) -> str:
    return job.name


@flow.transform
def shout(job: Job, text: str) -> str:
    return text


@flow.consume
def store(job: Job, text: str) -> None:
    pass


@flow.consume
def store_all(job: Job, texts: list[str]) -> None:
    pass


@flow.consume
def other_store(other: Other, text: str) -> None:
    pass


@flow.predicate
def is_big(job: Job, limit: int = 3) -> bool:
    return len(job.users) > limit


def plain(job: Job) -> None:
    pass


def plain_other(other: Other) -> None:
    pass


def plain_name(state: HasName) -> None:
    pass


def is_named(state: HasName) -> bool:
    return bool(state.name)


# --- Mixed states that mypy lets pass.

# Plain functions only, no decorated step and no annotation to pin the state: a
# Step[Never], which then fails where it is used.
nowhere = flow.do(plain, plain_other)  # error (pyright)
nowhere.run(Job("x", False, []))  # error (mypy)


# A plain function of another state among decorated steps, in a combinator inside
# another one: mypy gives up on the inner one with an Any, and tries again without the
# annotation, which then succeeds.
def nested() -> flow.Step[Job]:
    return flow.do(prepare, flow.do(create_user("x"), plain_other))  # error (pyright)


def inside_lambda() -> flow.Step[Job]:
    return flow.in_serial(
        flow.for_each(
            list_users, lambda user: flow.do(create_user(user), plain_other)
        )  # error (pyright)
    )


def consume_inside_lambda() -> flow.Step[Job]:
    return flow.in_serial(
        flow.for_each(
            list_users, lambda user: flow.with_(name_of, other_store)
        ),  # error
    )


flow.do(create_user("x"), plain_other)  # error
flow.retry(flow.do(create_user("x"), plain_other))  # error (pyright)
flow.do(flow.do(plain, other_step), flow.do(prepare))  # error (pyright)


# The cure: a constructor with an annotation.
def constructor(user: str) -> flow.Step[Job]:
    return flow.do(create_user(user), plain_other)  # error


# --- The state is invariant in decorated steps, contravariant in plain functions.

flow.do(prepare, show)  # error
flow.do(prepare, show.fn)
flow.do(prepare, plain_name)
shared = flow.do(plain_name)
flow.do(prepare, shared)  # error
# mypy finds the state of a composite of only such functions by itself, unless an
# annotation says it.
flow.do(prepare, flow.when(is_named, plain_name))  # error (mypy)
pinned: flow.Step[Job] = flow.do(prepare, flow.when(is_named, plain_name))


# --- Lambdas that can't be inferred.

# Nothing says the state.
alone = flow.when(lambda job: job.replica, lambda job: job.users.clear())  # error
said: flow.Step[Job] = flow.when(lambda job: job.replica, lambda job: job.users.clear())

# A lambda after & or |: unknown to pyright (an error in strict mode only); or_ and and_
# know it.
flow.when(is_big | (lambda job: job.replica), prepare)
flow.when(flow.or_(is_big, lambda job: job.replica), prepare)

# A lambda in render, apply or map_ that is not second after the extract: decorate the
# function.
flow.pipeline(name_of, str.split, store)  # error
flow.pipeline(list_users, flow.apply(lambda job, user: job.users.append(user)))
flow.from_(list_users, flow.map_(lambda user: create_user(user)))
flow.pipeline(
    list_users, flow.render(lambda job, user: user.upper()), store_all
)  # error

# --- A decorated extract with one default argument is also a function of one argument.
flow.in_serial(flow.for_each(users_in, create_user))
flow.with_(users_in, store_all)
flow.collect(users_in)  # error (mypy)
flow.collect(users_in())

# --- What a lambda makes of its input is Any to mypy, though it knows the input.
flow.from_(name_of, lambda job, text: text.missing)  # error
flow.pipeline(name_of, lambda job, text: text.split(), store)  # error (pyright)

# --- The error that a policy sees is Any, whatever `on` says.
flow.retry(prepare, flow.only_if(lambda error: error.missing == 1), on=OSError)
