"""Parallel blocks inside parallel blocks."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class World:
    """Regions, each with zones."""

    regions: dict[str, list[str]] = field(
        default_factory=lambda: {"eu": ["a", "b"], "us": ["c"]}
    )
    built: set[str] = field(init=False, default_factory=set)


@flow.extract
def zones_of(world: World, region: str) -> list[str]:
    """Return the zones of a region."""
    return world.regions[region]


@flow.step
def build(world: World, region: str, zone: str) -> None:
    """Build in a zone."""
    world.built.add(f"{region}-{zone}")


@flow.step
def connect(world: World, region: str) -> None:
    """Connect a region to the others."""
    world.built.add(region)


@flow.workflow
def build_world() -> flow.Step[World]:
    """Build in all regions at once, and in all zones of each."""
    return flow.in_parallel(
        flow.for_each(
            lambda world: list(world.regions),
            lambda region: flow.do(
                flow.in_parallel(
                    flow.for_each(
                        zones_of(region),
                        lambda zone: build(region, zone),
                    ),
                    limit=2,
                ),
                connect(region),
            ),
        ),
        limit=2,
    )
