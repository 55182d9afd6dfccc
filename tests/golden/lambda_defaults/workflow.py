"""Ring the bells of a tower."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Tower:
    """A tower with bells."""

    bells: list[str] = field(default_factory=lambda: ["low", "high"])
    rung: list[str] = field(init=False, default_factory=list)


def ring_once(bell: str) -> flow.Step[Tower]:
    """Ring a bell, and let it fade."""
    return flow.do(
        *[lambda tower, bell=bell: tower.rung.append(bell)],
        *[lambda tower, *, bell=bell: tower.rung.append(f"{bell} fades")],
    )


@flow.workflow
def ring() -> flow.Step[Tower]:
    """Ring the bells of a tower."""
    return flow.do(
        *[lambda tower, n=n: tower.rung.append(f"{n} o'clock") for n in range(1, 3)],
        flow.in_serial(
            flow.for_each(
                lambda tower: tower.bells,
                ring_once,
            )
        ),
        *[lambda tower, n=n: tower.rung.append(f"stroke {n}") for n in range(12)],
    )
