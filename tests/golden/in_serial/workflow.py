"""Providers one after another."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Library:
    """A library and its books."""

    books: list[str] = field(default_factory=lambda: ["Emma", "Ulysses"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_books(library: Library) -> list[str]:
    """Read the catalogue."""
    return library.books


@flow.step
def lend(library: Library, book: str) -> None:
    """Lend a book out."""
    library.journal.append(f"lend {book}")


@flow.step
def buy(library: Library, book: str) -> None:
    """Buy a book; a loop that has begun does not see it."""
    library.books.append(book)


@flow.step
def close(library: Library) -> None:
    """Close for the day."""
    library.journal.append("close")


@flow.workflow
def run_library() -> flow.Step[Library]:
    """Run a library for a day."""
    return flow.in_serial(
        buy("Persuasion"),
        flow.for_each(list_books, lambda book: flow.do(lend(book), buy(f"{book} II"))),
        flow.steps(buy("Dubliners"), buy("Middlemarch")),
        flow.for_each(list_books, lend),
        close,
    )
