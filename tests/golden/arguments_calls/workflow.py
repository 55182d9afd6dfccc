"""Arguments that call something."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from transpiler import flow

NAMES = {"owner": "Ada"}


@dataclass
class Ledger:
    """What was booked."""

    entries: list[str] = field(init=False, default_factory=list)


@flow.step
def book(ledger: Ledger, account: str, run: UUID) -> None:
    """Book something."""
    ledger.entries.append(account)


@flow.step
def close(ledger: Ledger, *, by: str, run: UUID | None = None) -> None:
    """Close the books."""
    ledger.entries.append(f"closed by {by}")


def signature(name: str) -> str:
    """Return a name as it stands below a document."""
    return f"gez. {name}"


@flow.workflow
def keep_books() -> flow.Step[Ledger]:
    """Keep the books."""
    # The same step twice is the same number twice.
    closing = close(by=signature(NAMES["owner"]), run=uuid4())
    return flow.do(
        flow.retry(book("cash", uuid4()), flow.up_to(3), flow.fixed_backoff(1)),
        flow.in_serial(
            flow.for_each(["rent", "wages"], lambda account: book(account, uuid4()))
        ),
        flow.in_parallel(book("left", uuid4()), book("right", run=uuid4())),
        closing,
        flow.when(lambda ledger: len(ledger.entries) > 3, closing),
        close(by=signature("Alan")),
        close(by=f"{signature('Grace')} and others"),
    )
