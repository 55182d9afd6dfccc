"""Steps whose start and finish are logged."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from transpiler import flow

QUIET = logging.DEBUG


@dataclass
class Site:
    """A web site, and what was done to it."""

    pages: list[str] = field(default_factory=lambda: ["index", "about"])
    journal: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_pages(site: Site) -> list[str]:
    """Read the pages."""
    return site.pages


@flow.step
def build(site: Site, page: str) -> None:
    """Build a page."""
    site.journal.append(f"build {page}")


@flow.step
def upload(site: Site, page: str) -> None:
    """Upload a page."""
    site.journal.append(f"upload {page}")


@flow.step
def announce(site: Site) -> None:
    """Tell the readers."""
    site.journal.append("announce")


def publish(page: str) -> flow.Step[Site]:
    """Build a page and upload it."""
    return flow.with_logging(
        flow.named(
            f"page {page}",
            flow.do(
                build(page),
                # The network is the slow part.
                flow.named("upload", flow.with_logging(upload(page))),
            ),
        )
    )


def draft(page: str) -> flow.Step[Site]:
    """Build a page and keep it."""
    return flow.named(f"draft of {page}", build(page))


@flow.workflow
def publish_site() -> flow.Step[Site]:
    """Publish all pages, and say so."""
    return flow.named(
        "site",
        flow.do(
            flow.in_serial(flow.for_each(list_pages, publish)),
            # Nobody wants to read about it.
            flow.with_logging(draft("feed"), level=QUIET),
            flow.ignore_error(flow.with_logging(announce, logging.WARNING)),
        ),
    )
