"""A state that only its user can make."""

from __future__ import annotations

from transpiler import flow


class Connection:
    """A connection to somewhere."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.sent: list[str] = []

    def send(self, text: str) -> None:
        """Send a text."""
        self.sent.append(text)


@flow.step
def greet(connection: Connection, name: str) -> None:
    """Say hello."""
    connection.send(f"hello {name}")


@flow.workflow
def greet_all() -> flow.Step[Connection]:
    """Greet everyone."""
    return flow.do(
        greet("Ada"),
        flow.in_serial(
            flow.for_each(lambda connection: connection.addresses, greet),
        ),
    )
