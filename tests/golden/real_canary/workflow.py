"""Deploy a service: region by region, cell by cell, host by host."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass, field
from datetime import timedelta

from transpiler import flow

log = logging.getLogger(__name__)

REGIONS = {"eu": ("eu-1", "eu-2"), "us": ("us-1",)}
SOAK = timedelta(milliseconds=20)


class BadHealth(Exception):
    """A host is not healthy."""

    def __init__(self, host: str, rate: float) -> None:
        super().__init__(f"{host}: {rate:.0%} errors")
        self.host = host
        self.rate = rate


@dataclass
class Deploy:
    """A deployment."""

    version: str = "7"
    sick: str = ""
    done: list[str] = field(init=False, default_factory=list)
    frozen: bool = field(init=False, default=False)


@flow.extract
def hosts(deploy: Deploy, cell: str) -> list[str]:
    """List the hosts of a cell."""
    return [f"{cell}-{letter}" for letter in "ab"]


@flow.step
def install(deploy: Deploy, host: str) -> None:
    """Install the version."""
    deploy.done.append(f"install {host}")
    if host == "eu-2-b":
        sys.exit("installer died")


@flow.step
def check(deploy: Deploy, host: str, *, limit: float = 0.01) -> None:
    """Look at the error rate."""
    if host == deploy.sick:
        raise BadHealth(host, 0.2)


@flow.step
def roll_back(deploy: Deploy, what: str) -> None:
    """Install the old version again."""
    deploy.done.append(f"roll back {what}")


@flow.step
def freeze(deploy: Deploy, reason: str, *, loud: bool) -> None:
    """Let nobody deploy."""
    deploy.frozen = True
    deploy.done.append(f"freeze: {reason}")


@flow.step
def mark(deploy: Deploy, what: str, state: str) -> None:
    """Write down how far we are."""
    deploy.done.append(f"{what} {state}")


def on_host(host: str) -> flow.Step[Deploy]:
    """Deploy to one host."""
    return flow.named(
        f"host {host}",
        flow.do(
            flow.recover_panics(install(host)),
            flow.sleep(SOAK),
            check(host),
        ),
    )


def in_cell(cell: str) -> flow.Step[Deploy]:
    """Deploy to all hosts of a cell at once; a cell that fails goes back as a whole."""

    def decide(deploy: Deploy, error: Exception) -> flow.Step[Deploy] | None:
        if isinstance(error, BadHealth) and error.rate > 0.1:
            return flow.do(
                flow.in_parallel(
                    flow.for_each(hosts(cell), lambda host: roll_back(host))
                ),
                freeze(f"{cell} is sick: {error}", loud=True),
            )
        if isinstance(error, flow.RecoveredPanic):
            return flow.do(roll_back(cell), mark(cell, "rolled back"))
        raise error

    return flow.named(
        f"cell {cell}",
        flow.do(
            mark(cell, "begun"),
            flow.on_error(
                flow.in_parallel(flow.for_each(hosts(cell), on_host)), decide
            ),
            mark(cell, "done"),
        ),
    )


def in_region(region: str) -> flow.Step[Deploy]:
    """Deploy to a region: its first cell is the canary."""
    canary, *others = REGIONS[region]
    return flow.named(
        region,
        flow.do(
            in_cell(canary),
            flow.unless(
                lambda deploy: deploy.frozen,
                flow.in_parallel(*(in_cell(cell) for cell in others), join_errors=True),
            ),
        ),
    )


@flow.workflow
def deploy_everywhere() -> flow.Step[Deploy]:
    """Deploy to all regions, one after the other."""
    return flow.with_logging(
        flow.in_serial(*(flow.steps(in_region(region)) for region in REGIONS))
    )
