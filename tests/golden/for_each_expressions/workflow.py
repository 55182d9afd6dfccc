"""Expressions over loop items."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from transpiler import flow

FULL_NAMES = {"ada": "Ada Lovelace", "alan": "Alan Turing"}


class Host(NamedTuple):
    """A machine in a zone."""

    name: str
    zone: str
    ports: tuple[int, ...] = (80, 443)


HOSTS = [Host("web", "a"), Host("db", "b", (5432,))]


@dataclass
class Records:
    """What was set."""

    values: list[str] = field(init=False, default_factory=list)


def slug(name: str) -> str:
    """Return a name as it stands in an address."""
    return name.lower().replace(" ", "-")


@flow.step
def put(records: Records, key: str, value: str | int) -> None:
    """Set a value."""
    records.values.append(f"{key}={value}")


@flow.workflow
def put_records() -> flow.Step[Records]:
    """Set values for users and hosts."""
    return flow.in_serial(
        flow.for_each(
            ["ada", "alan"],
            lambda user: flow.do(
                put(user, f"{user}_db"),
                put("home", "/home/" + user),
                put("shout", FULL_NAMES[user].upper()),
                flow.retry(
                    put("address", slug(FULL_NAMES[user])),
                    flow.up_to(2),
                    flow.fixed_backoff(1),
                ),
                put("initial", user[0]),
            ),
        ),
        flow.for_each(
            HOSTS,
            lambda host: flow.do(
                put(f"{host.name}.{host.zone}", host.ports[0]),
                put(host.name, host.ports[-1] + 1),
            ),
        ),
    )
