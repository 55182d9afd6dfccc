"""Calls on the items of two loops, in functions of their own."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Catalog:
    """Pages to print, by language."""

    languages: list[str] = field(default_factory=lambda: ["en", "de"])
    printed: set[str] = field(init=False, default_factory=set)


def file_name(language: str, page: str) -> str:
    """Return where a page is kept."""
    return f"{language}/{page.lower()}.pdf"


@flow.extract
def list_languages(catalog: Catalog) -> list[str]:
    """Read the languages."""
    return catalog.languages


@flow.extract
def list_pages(catalog: Catalog) -> list[str]:
    """Read the pages."""
    return ["Cover", "Index"]


@flow.step
def print_page(catalog: Catalog, path: str) -> None:
    """Print a page."""
    catalog.printed.add(path)


@flow.step
def announce(catalog: Catalog, text: str) -> None:
    """Tell the readers."""
    catalog.printed.add(text)


def print_again(catalog: Catalog, error: Exception) -> flow.Step[Catalog]:
    """Print what is left over."""
    text = str(error)
    return flow.in_serial(
        flow.for_each(
            list_pages,
            lambda page: flow.do(
                announce(file_name(text, page)), announce(file_name(text, "index"))
            ),
        ),
        join_errors=True,
    )


@flow.workflow
def print_catalog() -> flow.Step[Catalog]:
    """Print all pages in all languages."""
    return flow.do(
        flow.in_serial(
            flow.for_each(
                list_languages,
                lambda language: flow.in_parallel(
                    flow.in_serial(
                        flow.for_each(
                            list_pages,
                            lambda page: flow.do(
                                print_page(file_name(language, page)),
                                announce(language.upper()),
                            ),
                        )
                    ),
                    announce(f"{language} is being printed"),
                ),
            )
        ),
        flow.on_error(print_page("back.pdf"), print_again),
    )
