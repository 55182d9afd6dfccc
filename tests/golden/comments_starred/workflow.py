"""Steps that comprehensions make, with what the author says of them."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

REGIONS = ["eu", "us"]


@dataclass
class Cloud:
    """A cloud."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def open_region(cloud: Cloud, name: str) -> None:
    """Open a region."""
    cloud.journal.append(f"open {name}")


@flow.step
def close_region(cloud: Cloud, name: str) -> None:
    """Close a region."""
    cloud.journal.append(f"close {name}")


@flow.workflow
def move() -> flow.Step[Cloud]:
    """Move from one cloud to another."""
    return flow.do(
        # The new ones first.
        *[open_region(region) for region in REGIONS],
        open_region("spare"),
        # The old ones
        # are closed for good.
        *[
            flow.retry(close_region(region), flow.up_to(2), flow.fixed_backoff(1))
            for region in REGIONS
        ],
        # One region for each zone.
        *(open_region(f"zone-{number}") for number in range(12)),
    )
