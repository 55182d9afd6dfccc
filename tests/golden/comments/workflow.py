"""Comments everywhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class House:
    """A house."""

    cold: bool = False
    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def do_it(house: House, what: str) -> None:
    """Do something."""
    house.journal.append(what)  # for the neighbours


# About the chimney: above its constructor.
def sweep(chimney: str) -> flow.Step[House]:
    """Sweep a chimney."""
    return flow.do(
        # First the top.
        do_it(f"sweep the top of {chimney}"),
        do_it(f"sweep {chimney}"),  # then the rest
    )


@flow.workflow
def keep_house() -> flow.Step[House]:
    """Keep a house."""
    # Above the return statement.
    return flow.do(
        do_it("sweep"),  # behind a step
        # Two lines above a step,
        # that belong together.
        do_it("dust"),
        # Above a condition.
        flow.when(  # behind its parenthesis
            lambda house: house.cold,  # behind the predicate
            # Inside of a condition.
            do_it("heat"),
            # Above otherwise.
            do_it("air"),
        ),
        # Above a retry.
        flow.retry(
            # Inside of a retry.
            do_it("cook"),
            # Three times is enough.
            flow.up_to(3),  # really
            # Not too fast.
            flow.fixed_backoff(1),
        ),
        # Above a parallel block.
        flow.in_parallel(
            # The first branch.
            do_it("wash"),
            do_it("iron"),  # the second branch
        ),
        # Above in_serial.
        flow.in_serial(
            # Above the loop.
            flow.for_each(
                ["a", "b"],
                # Above the body.
                lambda room: do_it(room),
            ),
        ),
        # Above a named part.
        flow.named(
            "roof",
            # Inside of a named part.
            sweep("the chimney"),
        ),
        # Above best effort: "quotes" and 'more' and {{ braces }} {% if %}.
        flow.ignore_error(do_it("paint")),
        # At the end.
    )
