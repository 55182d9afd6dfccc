"""Branches in which values flow."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Library:
    """A library of books."""

    books: dict[str, list[str]] = field(
        init=False, default_factory=lambda: {"emma": ["I", "II"], "ulysses": ["1"]}
    )
    words: set[str] = field(init=False, default_factory=set)


@flow.extract
def list_books(library: Library) -> list[str]:
    """Read the catalogue."""
    return list(library.books)


@flow.extract
def read_chapters(library: Library, book: str) -> list[str]:
    """Open a book."""
    return library.books[book]


@flow.transform
def spell(library: Library, chapter: str) -> list[str]:
    """Take a chapter apart."""
    return list(chapter)


@flow.transform
def in_order(library: Library, words: list[str]) -> list[str]:
    """Sort words."""
    return sorted(words)


@flow.consume
def learn(library: Library, word: str) -> None:
    """Learn a word."""
    library.words.add(word)


@flow.workflow
def learn_words() -> flow.Step[Library]:
    """Learn all words of all books."""
    return flow.in_parallel(
        flow.for_each(
            list_books,
            lambda book: flow.pipeline(
                read_chapters(book),
                flow.render(spell),
                flow.flatten,
                in_order,
                flow.apply(learn),
            ),
        ),
        flow.with_(flow.value(["a", "the"]), flow.apply(learn)),
        limit=2,
    )
