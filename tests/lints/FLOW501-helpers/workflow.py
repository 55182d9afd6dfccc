"""What is changed is changed in a helper, in a method, or in a part of the state."""

from __future__ import annotations

import steps
from steps import Site, Statistics, record

from transpiler import flow


@flow.step
def fetch(site: Site, page: str) -> None:
    """Fetch a page."""
    record(site, len(page))


@flow.step
def visit(site: Site) -> None:
    """Visit the site."""
    site.visit(3)


@flow.step
def see(site: Site, page: str) -> None:
    """See a page."""
    steps.count_page(site.pages, page)


@flow.step
def fetch_twice(site: Site, page: str) -> None:
    """Fetch a page two times."""
    fetch.fn(site, page)
    fetch.fn(site, page)


@flow.extract
def statistics_of(site: Site) -> Statistics:
    """Return the statistics."""
    return site.statistics


def counter(times: int) -> flow.Step[Statistics]:
    """Return a closure that counts."""

    @flow.step
    def count(statistics: Statistics) -> None:
        statistics.hits = times + statistics.hits

    return count()


@flow.workflow
def provision() -> flow.Step[Site]:
    """Provision it."""
    return flow.do(
        flow.in_parallel(fetch("/"), fetch_twice("/about")),
        flow.in_parallel(flow.for_each(["a", "b"], lambda name: visit())),
        flow.in_parallel(see("/"), see("/"), see("/about")),
        flow.in_parallel(
            flow.spawn(statistics_of, counter(1)),
            flow.spawn(lambda site: site.statistics, counter(2)),
        ),
    )
