"""A parallel block of several providers."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

REGIONS = ("eu", "us")


@dataclass
class Site:
    """A web site and the caches that were filled."""

    pages: list[str] = field(default_factory=lambda: ["home", "about"])
    filled: set[str] = field(init=False, default_factory=set)


@flow.extract
def list_pages(site: Site) -> list[str]:
    """Read the site map."""
    return sorted(site.pages)


@flow.step
def warm(site: Site, key: str) -> None:
    """Put something into the cache."""
    site.filled.add(key)


@flow.step
def warm_page(site: Site, page: str) -> None:
    """Put a page into the cache."""
    site.filled.add(f"page {page}")


@flow.workflow
def warm_caches() -> flow.Step[Site]:
    """Fill the caches of a site."""
    return flow.in_parallel(
        warm("logo"),
        flow.steps(warm("styles"), warm("fonts")),
        flow.for_each(list_pages, warm_page),
        flow.for_each(REGIONS, lambda region: warm(f"region {region}")),
        limit=8,
    )
