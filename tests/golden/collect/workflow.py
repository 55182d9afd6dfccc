"""A source that gives one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


class PrivateError(flow.Exhausted):
    """The rest is no business of ours."""


@dataclass
class Mailbox:
    """A mailbox that is read letter by letter."""

    letters: list[str] = field(default_factory=lambda: ["hello", "stop", "bye"])
    filed: list[str] = field(init=False, default_factory=list)


@flow.extract
def next_letter(mailbox: Mailbox) -> str:
    """Take the next letter."""
    if not mailbox.letters:
        raise flow.Exhausted
    return mailbox.letters.pop(0)


@flow.transform
def open_letter(mailbox: Mailbox, letter: str) -> str:
    """Open a letter; one of them says that the rest is no business of ours."""
    if letter == "stop":
        raise PrivateError(letter)
    return letter.upper()


@flow.transform
def sort_letters(mailbox: Mailbox, letters: list[str]) -> list[str]:
    """Sort them."""
    return sorted(letters)


@flow.consume
def file_away(mailbox: Mailbox, letters: list[str]) -> None:
    """File them away."""
    mailbox.filed += letters


@flow.step
def answer(mailbox: Mailbox, letter: str) -> None:
    """Answer a letter."""
    mailbox.filed.append(f"answered {letter}")


@flow.workflow
def read_mail() -> flow.Step[Mailbox]:
    """Read all mail."""
    return flow.do(
        flow.pipeline(
            flow.collect(flow.from_(next_letter, open_letter)), sort_letters, file_away
        ),
        # What is left.
        flow.with_(flow.collect(next_letter), file_away),
        flow.in_serial(flow.for_each(flow.collect(next_letter), answer)),
        flow.with_(
            flow.collect(flow.named("box", flow.from_(next_letter, open_letter))),
            file_away,
        ),
    )
