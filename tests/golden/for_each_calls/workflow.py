"""Calls on loop items, evaluated once per item."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Mailbox:
    """Letters to send."""

    names: list[str] = field(default_factory=lambda: ["Ada", "Alan"])
    sent: set[str] = field(init=False, default_factory=set)


def address_of(name: str) -> str:
    """Return where a person lives."""
    return f"{name.lower()}@example.org"


@flow.extract
def list_names(mailbox: Mailbox) -> list[str]:
    """Read the names."""
    return mailbox.names


@flow.step
def send(mailbox: Mailbox, address: str, text: str) -> None:
    """Send a letter."""
    mailbox.sent.add(f"{address}: {text}")


@flow.workflow
def send_letters() -> flow.Step[Mailbox]:
    """Send everyone a letter, then everyone another one."""
    return flow.do(
        flow.in_parallel(
            flow.for_each(
                list_names,
                lambda name: send(address_of(name), f"Dear {name}"),
            )
        ),
        flow.in_serial(
            flow.for_each(
                list_names,
                lambda name: send(address_of(name), text=f"Dear {name.upper()}"),
            )
        ),
    )
