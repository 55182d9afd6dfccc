"""Steps that run or do not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from transpiler import flow


@dataclass
class Parcel:
    """A parcel to deliver."""

    kind: Literal["letter", "box", "crate"] = "box"
    fragile: bool = False
    insured: bool = False
    journal: list[str] = field(init=False, default_factory=list)


@flow.predicate
def is_kind(parcel: Parcel, kind: str) -> bool:
    """Return whether a parcel is of a kind."""
    return parcel.kind == kind


@flow.predicate
def is_paid(parcel: Parcel) -> bool:
    """Return whether somebody paid."""
    return not parcel.fragile


@flow.step
def note(parcel: Parcel, text: str) -> None:
    """Write down what happened."""
    parcel.journal.append(text)


@flow.workflow
def deliver() -> flow.Step[Parcel]:
    """Deliver a parcel."""
    return flow.do(
        # Nothing is delivered that nobody paid for.
        flow.unless(is_paid, note("ask for money")),
        flow.when(lambda parcel: parcel.insured, note("insure"), note("stamp")),
        flow.when(
            is_kind("letter"),
            note("put into the letter box"),
            # Heavier things need hands.
            flow.when(
                is_kind("crate"),
                flow.do(note("call two people"), note("carry")),
                otherwise=note("ring the bell"),
            ),
        ),
        flow.when(
            lambda parcel: parcel.fragile,
            flow.when(lambda parcel: parcel.insured, note("hand it over in person")),
        ),
        flow.unless(lambda parcel: parcel.kind == "box", note("take a picture")),
        flow.unless(lambda parcel: parcel.fragile, note("throw it")),
    )
