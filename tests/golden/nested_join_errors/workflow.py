"""Groups of errors in groups of errors."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Office:
    """An office with rooms."""

    rooms: list[str] = field(default_factory=lambda: ["a", "b"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_rooms(office: Office) -> list[str]:
    """Read the plan."""
    return office.rooms


@flow.step
def clean(office: Office, room: str) -> None:
    """Clean a room."""
    office.journal.append(f"clean {room}")


@flow.step
def lock(office: Office, room: str) -> None:
    """Lock a room."""
    office.journal.append(f"lock {room}")


@flow.step
def complain(office: Office) -> None:
    """Write a letter."""
    office.journal.append("complain")


@flow.workflow
def close_office() -> flow.Step[Office]:
    """Clean and lock all rooms, whatever goes wrong in some."""
    return flow.do(
        flow.on_error(
            flow.in_serial(
                flow.for_each(
                    list_rooms,
                    lambda room: flow.do(clean(room), lock(room), join_errors=True),
                ),
                flow.in_parallel(clean("hall"), clean("attic"), join_errors=True),
                join_errors=True,
            ),
            {ExceptionGroup: complain},
        ),
        flow.in_parallel(
            flow.for_each(
                list_rooms,
                lambda room: flow.do(
                    flow.do(clean(room), lock(room), join_errors=True), lock("stairs")
                ),
            ),
            flow.do(clean("garden"), lock("gate"), join_errors=True),
            join_errors=True,
        ),
    )
