"""Choices by a loop item."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass(frozen=True)
class Parcel:
    """Something to be sent."""

    name: str
    kind: str


@dataclass
class Post:
    """A post office."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_parcels(post: Post) -> list[Parcel]:
    """Look what lies on the counter."""
    return [Parcel("a", "letter"), Parcel("b", "box"), Parcel("c", "horse")]


@flow.step
def stamp(post: Post, name: str) -> None:
    """Put a stamp on it."""
    post.journal.append(f"stamp {name}")


@flow.step
def weigh(post: Post, parcel: Parcel) -> None:
    """Weigh it."""
    post.journal.append(f"weigh {parcel.name}")


@flow.step
def refuse(post: Post, name: str) -> None:
    """Give it back."""
    post.journal.append(f"refuse {name}")


@flow.workflow
def send_parcels() -> flow.Step[Post]:
    """Send everything that lies on the counter."""
    return flow.in_serial(
        flow.for_each(
            list_parcels,
            lambda parcel: flow.switch(
                parcel.kind,
                {
                    "letter": stamp(parcel.name),
                    "box": flow.do(weigh(parcel), stamp(parcel.name)),
                },
                otherwise=refuse(parcel.name),
            ),
        ),
        flow.for_each(
            ["east", "west"],
            lambda side: flow.switch(
                side, {"east": stamp(side), "west": refuse(f"{side} gate")}
            ),
        ),
    )
