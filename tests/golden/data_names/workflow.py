"""Values whose names meet others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Report:
    """A report; its index is a list of words."""

    words: list[str] = field(default_factory=lambda: ["b", "a"])
    index: list[str] = field(init=False, default_factory=list)


@flow.extract
def read_words(report: Report) -> list[str]:
    """Read it."""
    return report.words


@flow.extract
def count_words(report: Report) -> int:
    """Count them."""
    return len(report.words)


@flow.transform
def letters(report: Report, word: str) -> list[str]:
    """Take a word apart."""
    return list(word)


@flow.transform
def twice(report: Report, number: int) -> int:
    """Double a number."""
    return 2 * number


def size(report: Report, word: str) -> int:
    """Measure a word; a plain function serves as well."""
    return len(word)


@flow.transform
def in_order(report: Report, words: Iterable[str]) -> tuple[str, ...]:
    """Sort words."""
    return tuple(sorted(words))


@flow.transform
def nothing(report: Report, words: Iterable[str]) -> None:
    """Forget all words."""


@flow.consume
def note(report: Report, word: str, index: int = 0) -> None:
    """Write a word into the index."""
    report.index.append(f"{word}@{index}")


@flow.consume
def note_number(report: Report, number: int) -> None:
    """Write a number into the index."""
    report.index.append(str(number))


@flow.consume
def keep(report: Report, words: object) -> None:
    """Keep what is left."""
    report.index.append(str(words))


@flow.step
def close(report: Report, element: str) -> None:
    """Write the last word."""
    report.index.append(element)


@flow.workflow
def write_index() -> flow.Step[Report]:
    """Write the index of a report."""
    return flow.do(
        flow.with_(read_words, flow.apply(note)),
        flow.pipeline(read_words, in_order, flow.apply(note(index=1))),
        flow.pipeline(read_words, nothing, keep),
        flow.pipeline(count_words, twice, twice, note_number),
        flow.pipeline(
            read_words,
            flow.named("take apart", flow.render(flow.named("letters", letters))),
            flow.flatten,
            flow.named("write", flow.apply(flow.feed(note(index=2)))),
        ),
        flow.in_serial(
            flow.for_each(
                ["x", "y"],
                lambda index: flow.do(
                    flow.with_(flow.value(index), note),
                    flow.with_(read_words, flow.apply(note)),
                    flow.pipeline(flow.value(index), letters, keep),
                ),
            ),
            flow.for_each(
                flow.from_(flow.value(["u", "v"]), flow.render(letters), flow.flatten),
                lambda element: close(element),
            ),
            flow.named(
                "words",
                flow.for_each(
                    flow.named("read", flow.from_(read_words, in_order)), close
                ),
            ),
        ),
        flow.pipeline(
            read_words,
            flow.render(size),
            flow.render(twice),
            flow.apply(note_number),
        ),
        flow.pipeline(flow.named("all", read_words), flow.render(flow.chain()), keep),
        flow.switch(
            flow.from_(count_words, twice),
            {2: close("two"), 4: flow.pipeline(count_words, twice, note_number)},
        ),
    )
