"""Services say what they need of which database instance; all of it is provisioned.

The configuration holds steps. It is read when the workflow is built: the script has one
function for each instance, with what all services need there.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from transpiler import flow

log = logging.getLogger(__name__)


@dataclass
class Platform:
    """A platform with database instances, and what has been provisioned so far."""

    region: str = "eu"
    # An instance that does not answer, to see what happens then
    unreachable: str = ""
    # How many statements fail before the network is up, to see them tried again
    hiccups: int = 0
    # What has been done; a statement that was run again is there once
    statements: set[str] = field(init=False, default_factory=set)
    lock: threading.Lock = field(init=False, repr=False, default_factory=threading.Lock)


@dataclass
class Instance:
    """An open connection to a database instance."""

    name: str
    platform: Platform

    def execute(self, statement: str) -> None:
        """Run a statement; the first few fail where there are hiccups."""
        with self.platform.lock:
            if self.platform.hiccups > 0:
                self.platform.hiccups -= 1
                raise ConnectionError(f"{self.name} went away")
            self.platform.statements.add(f"{self.name}: {statement}")


@flow.extract
@contextmanager
def connect(platform: Platform, name: str) -> Iterator[Instance]:
    """Open a connection to an instance, and close it again."""
    if name == platform.unreachable:
        raise TimeoutError(f"{name}.{platform.region} does not answer")
    log.info("connected to %s.%s", name, platform.region)
    try:
        yield Instance(name, platform)
    finally:
        log.info("disconnected from %s.%s", name, platform.region)


@flow.step
def create_database(instance: Instance, database: str) -> None:
    """Run CREATE DATABASE, again if need be."""
    instance.execute(f"CREATE DATABASE IF NOT EXISTS {database}")


@flow.step
def create_user(instance: Instance, user: str) -> None:
    """Run CREATE USER, again if need be."""
    instance.execute(f"CREATE USER IF NOT EXISTS {user}")


@flow.step
def grant(instance: Instance, user: str, privilege: str, database: str) -> None:
    """Run GRANT."""
    instance.execute(f"GRANT {privilege} ON {database} TO {user}")


@flow.step
def set_memory(instance: Instance, megabytes: int) -> None:
    """Limit how much memory an instance takes."""
    instance.execute(f"SET memory = {megabytes}")


@flow.step
def report(platform: Platform) -> None:
    """Say what has been done."""
    for statement in sorted(platform.statements):
        log.info("%s", statement)


def database(service: str, name: str) -> flow.Step[Instance]:
    """Give a service a database of its own."""
    return flow.named(
        f"database {name} of {service}",
        flow.retry(
            flow.do(
                create_database(name),
                create_user(service),
                grant(service, "ALL", name),
            ),
            flow.up_to(3),
            flow.fixed_backoff(0.01),
            on=ConnectionError,
        ),
    )


def reader(service: str, name: str) -> flow.Step[Instance]:
    """Let a service read a database, perhaps somebody else's."""
    return flow.named(
        f"{service} reads {name}",
        flow.retry(
            grant(service, "SELECT", name),
            flow.up_to(3),
            flow.fixed_backoff(0.01),
            on=ConnectionError,
        ),
    )


def memory(service: str, megabytes: int) -> flow.Step[Instance]:
    """Give a service an instance of its own, of some size."""
    return flow.named(
        f"memory of {service}",
        flow.retry(
            set_memory(megabytes),
            flow.up_to(3),
            flow.fixed_backoff(0.01),
            on=ConnectionError,
        ),
    )


def services() -> dict[str, dict[str, flow.Step[Instance]]]:
    """The configuration: what each service needs, by instance."""
    return {
        "orders": {
            "main": database("orders", "shop"),
            "cache": memory("orders", 512),
        },
        "billing": {
            "main": database("billing", "invoices"),
            "warehouse": reader("billing", "sales"),
        },
        "reports": {
            "warehouse": database("reports", "sales"),
        },
    }


@flow.workflow
def provision_services() -> flow.Step[Platform]:
    """Provision what the services need, all instances at once."""
    by_instance: dict[str, list[flow.Step[Instance]]] = {}
    for needs in services().values():
        for instance, step in needs.items():
            by_instance.setdefault(instance, []).append(step)
    return flow.do(
        # An instance that does not answer is no reason to leave the others.
        flow.in_parallel(
            *(
                flow.named(
                    f"provision {instance}",
                    flow.using(connect(instance), flow.in_parallel(*steps)),
                )
                for instance, steps in by_instance.items()
            ),
            join_errors=True,
        ),
        report,
    )
