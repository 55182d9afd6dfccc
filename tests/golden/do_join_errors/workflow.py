"""Steps of which each is worth doing."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Office:
    """An office at the end of the day."""

    journal: list[str] = field(init=False, default_factory=list)


@flow.step
def close_windows(office: Office, floor: int) -> None:
    """Close the windows of a floor."""
    office.journal.append(f"close windows of floor {floor}")


@flow.step
def switch_off(office: Office, device: str) -> None:
    """Switch a device off."""
    office.journal.append(f"switch off {device}")


@flow.step
def lock_door(office: Office) -> None:
    """Lock the door."""
    office.journal.append("lock the door")


@flow.workflow
def leave_office() -> flow.Step[Office]:
    """Leave the office in good order."""
    return flow.do(
        # One that is stuck is no reason to leave the others.
        flow.do(
            close_windows(1),
            # The lights go last.
            flow.do(switch_off("heating"), switch_off("lights")),
            flow.do(),
            join_errors=True,
        ),
        flow.ignore_error(
            flow.do(switch_off("printer"), switch_off("radio"), join_errors=True),
            on=ExceptionGroup,
        ),
        lock_door,
    )
