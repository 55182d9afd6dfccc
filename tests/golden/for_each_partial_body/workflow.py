"""Bodies of loops that are partials of constructors."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from transpiler import flow


@dataclass
class Mailbox:
    """Letters to send."""

    names: list[str] = field(default_factory=lambda: ["Ada", "Alan"])
    sent: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_names(mailbox: Mailbox) -> list[str]:
    """Read the names."""
    return mailbox.names


@flow.step
def send(mailbox: Mailbox, address: str, text: str) -> None:
    """Send a letter."""
    mailbox.sent.append(f"{address}: {text}")


def greet(greeting: str, name: str) -> flow.Step[Mailbox]:
    """Greet somebody, and say goodbye."""
    return flow.do(
        send(f"{name}@example.org", f"{greeting} {name}"),
        send(f"{name}@example.org", "Goodbye"),
    )


@flow.workflow
def send_letters() -> flow.Step[Mailbox]:
    """Greet everyone, in two languages."""
    return flow.do(
        flow.in_serial(flow.for_each(list_names, partial(greet, "Dear"))),
        flow.in_parallel(
            flow.for_each(list_names, partial(greet, "Cher")),
            flow.for_each(["Eve"], partial(send, text="Hello")),
        ),
    )
