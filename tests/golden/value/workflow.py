"""A value as the beginning of a chain."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

LIMITS = {"cpu": 4, "memory": 16}


@dataclass
class Quota:
    """What a project may use."""

    used: list[str] = field(init=False, default_factory=list)


@flow.transform
def as_pairs(quota: Quota, limits: dict[str, int]) -> list[tuple[str, int]]:
    """Return names with limits."""
    return sorted(limits.items())


@flow.step
def set_limit(quota: Quota, name: str, limit: int) -> None:
    """Set a limit."""
    quota.used.append(f"{name}<{limit}")


# A type checker infers no item's type behind a transform in between.
def limit_pair(pair: tuple[str, int]) -> flow.Step[Quota]:
    """Set one limit."""
    return set_limit(pair[0], pair[1])


def limit_pair_again(pair: tuple[str, int]) -> flow.Step[Quota]:
    """Set one limit, by keyword."""
    return set_limit(pair[0], limit=pair[1])


@flow.workflow
def set_limits() -> flow.Step[Quota]:
    """Set the limits of a project."""
    return flow.in_serial(
        flow.from_(
            flow.value(LIMITS),
            as_pairs,
            flow.map_(limit_pair),
        ),
        flow.from_(
            flow.value({"disk": 100}),
            as_pairs,
            flow.map_(limit_pair_again),
        ),
    )
