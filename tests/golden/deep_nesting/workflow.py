"""Blocks inside blocks inside blocks."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Planet:
    """A planet."""

    continents: dict[str, list[str]] = field(
        default_factory=lambda: {"africa": ["kenya", "ghana"], "asia": ["japan"]}
    )
    dry: bool = True
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_continents(planet: Planet) -> list[str]:
    """Return the continents."""
    return sorted(planet.continents)


@flow.extract
def list_countries(planet: Planet, continent: str) -> list[str]:
    """Return the countries of a continent."""
    return planet.continents[continent]


@flow.step
def irrigate(planet: Planet, continent: str, country: str, field_number: int) -> None:
    """Bring water."""
    planet.journal.append(f"water {continent} {country} {field_number}")


@flow.step
def harvest(planet: Planet, country: str) -> None:
    """Bring the harvest in."""
    planet.journal.append(f"harvest {country}")


def farm(continent: str, country: str) -> flow.Step[Planet]:
    """Farm a country."""
    return flow.do(
        flow.in_serial(
            flow.for_each(
                [1, 2],
                lambda number: flow.retry(
                    irrigate(continent, country, number),
                    flow.up_to(2),
                    flow.fixed_backoff(1),
                ),
            )
        ),
        harvest(country),
    )


@flow.workflow
def feed_planet() -> flow.Step[Planet]:
    """Feed a planet."""
    return flow.do(
        flow.when(
            lambda planet: planet.dry,
            flow.in_serial(
                flow.for_each(
                    list_continents,
                    lambda continent: flow.ignore_error(
                        flow.in_serial(
                            flow.for_each(
                                list_countries(continent),
                                lambda country: farm(continent, country),
                            )
                        ),
                        on=OSError,
                    ),
                )
            ),
        ),
        flow.retry(
            flow.ignore_error(
                flow.when(
                    lambda planet: planet.dry,
                    flow.in_serial(
                        flow.for_each(
                            list_continents,
                            lambda continent: flow.named(
                                f"harvest of {continent}",
                                flow.in_serial(
                                    flow.for_each(list_countries(continent), harvest)
                                ),
                            ),
                        )
                    ),
                ),
                on=LookupError,
            ),
            flow.up_to(2),
        ),
    )
