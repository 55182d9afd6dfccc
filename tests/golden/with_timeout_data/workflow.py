"""A limit around data."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Mail:
    """A mailbox."""

    unread: list[str] = field(default_factory=lambda: ["b a", "d c"])
    sent: list[str] = field(init=False, default_factory=list)


@flow.extract
def read_letters(mail: Mail) -> list[str]:
    """Fetch what is new."""
    return list(mail.unread)


@flow.extract
def next_letter(mail: Mail) -> str:
    """Take one letter out of the box."""
    if not mail.unread:
        raise flow.Exhausted
    return mail.unread.pop()


@flow.transform
def sort_words(mail: Mail, letter: str) -> str:
    """Sort the words of a letter."""
    return " ".join(sorted(letter.split()))


@flow.transform
def select(mail: Mail, letters: list[str], most: int) -> list[str]:
    """Take the first ones."""
    return letters[:most]


@flow.consume
def send(mail: Mail, letter: str) -> None:
    """Send a letter on."""
    mail.sent.append(letter)


@flow.workflow
def forward() -> flow.Step[Mail]:
    """Forward letters for a minute."""
    return flow.with_timeout(
        60,
        flow.do(
            flow.pipeline(
                read_letters, select(5), flow.render(sort_words), flow.apply(send)
            ),
            flow.with_(
                flow.named("box", flow.collect(next_letter)),
                flow.named("outbox", flow.apply(send)),
            ),
            flow.with_(lambda mail: mail.sent[0], send),
        ),
    )
