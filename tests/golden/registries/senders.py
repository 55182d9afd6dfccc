"""The senders, each of which registers itself."""

from __future__ import annotations

from alerts import SENDERS, Sender, alerts


@alerts.sender("mail")
def mail(text: str) -> str:
    """Send a mail."""
    return f"mail: {text}"


def page(text: str) -> str:
    """Call a pager."""
    return f"pager: {text}"


def add(senders: dict[str, Sender], name: str, function: Sender) -> None:
    """Keep a sender."""
    senders[name] = function


add(SENDERS, "pager", page)


def fax(text: str) -> str:
    """Nobody has a fax any more."""
    return f"fax: {text}"
