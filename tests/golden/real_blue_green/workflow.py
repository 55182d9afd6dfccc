"""Release a version beside the running one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from transpiler import flow

SHARES = (1, 10, 50, 100)


@dataclass
class Release:
    """What is released, and how far it got."""

    version: str = "2.0"
    color: Literal["blue", "green"] = "blue"
    migrate: bool = True
    share: int = field(init=False, default=0)
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def build(release: Release, part: str, size: int = 1) -> None:
    """Build a part of the new stack."""
    release.journal.append(f"build {part} x{size}")


@flow.step
def migrate(release: Release) -> None:
    """Bring the schema up to date; both versions can work with it."""
    release.journal.append("migrate")


@flow.step
def route(release: Release, percent: int) -> None:
    """Send a share of the traffic to the new stack."""
    release.share = percent


@flow.step
def smoke_test(release: Release, what: str) -> None:
    """See whether the new stack works."""
    release.journal.append(f"test {what}")


@flow.step
def tear_down(release: Release, color: str) -> None:
    """Remove a stack."""
    release.journal.append(f"remove {color}")


@flow.step
def announce(release: Release, *channels: str, text: str) -> None:
    """Tell everyone."""
    release.journal.append(f"{text} in {', '.join(channels)}")


@flow.extract
def error_rates(release: Release) -> list[float]:
    """Read the error rates of the last minutes."""
    return [0.1, 0.2]


@flow.transform
def worst(release: Release, rates: list[float]) -> float:
    """Return the highest of the error rates."""
    return max(rates, default=0.0)


@flow.consume
def judge(release: Release, rate: float, limit: float) -> None:
    """Fail if there are too many errors."""
    if rate > limit:
        raise RuntimeError(f"{rate:.0%} of the requests fail")


def shift(percent: int) -> flow.Step[Release]:
    """Send more traffic to the new stack, and watch it for a while."""
    return flow.do(
        route(percent),
        flow.repeat(
            3,
            flow.do(
                flow.sleep(20),
                flow.pipeline(error_rates, worst, judge(limit=0.05 * 10)),
            ),
        ),
    )


@flow.workflow
def release_version() -> flow.Step[Release]:
    """Release a version beside the running one."""
    return flow.do(
        flow.in_parallel(
            build("web", 4),
            build("worker", size=2),
            flow.do(
                flow.when(lambda release: release.migrate, migrate), build("cache")
            ),
        ),
        flow.on_error(
            flow.named(
                "switch",
                flow.in_serial(
                    flow.for_each(["login", "checkout"], smoke_test),
                    # Slowly: a mistake should hit as few people as possible.
                    flow.for_each(SHARES, shift),
                ),
            ),
            flow.fallback_to(
                flow.do(
                    route(0),
                    tear_down("new"),
                    announce("#ops", text="rolled back"),
                )
            ),
        ),
        flow.switch(
            lambda release: release.color,
            {"blue": tear_down("green"), "green": tear_down("blue")},
        ),
        flow.ignore_error(announce("#ops", "#everyone", text="released")),
    )
