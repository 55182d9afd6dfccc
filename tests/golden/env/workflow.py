"""Values that only the machine knows which runs the workflow."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

REGION = flow.env("FLOWC_TEST_REGION", "eu-west")


@dataclass
class Site:
    """A site to be published."""

    pages: list[str] = field(default_factory=lambda: ["home", "news"])
    published: set[str] = field(init=False, default_factory=set)


@flow.step
def log_in(site: Site, user: str, token: str) -> None:
    """Open a session."""
    site.published.add(f"{user}:{token}")


@flow.step
def upload(site: Site, page: str, region: str, user: str = "nobody") -> None:
    """Put a page online."""
    site.published.add(f"{page} in {region} by {user}")


@flow.workflow
def publish() -> flow.Step[Site]:
    """Publish all pages."""
    user = flow.env("FLOWC_TEST_USER", "somebody")
    return flow.do(
        log_in(user, flow.env("FLOWC_TEST_TOKEN", "none")),
        flow.retry(
            upload("index", REGION), flow.up_to(2), flow.fixed_backoff(1), on=OSError
        ),
        flow.in_parallel(
            flow.for_each(
                lambda site: site.pages,
                lambda page: flow.do(
                    upload(page, REGION, user=user),
                    upload(f"{page}/feed", flow.env("FLOWC_TEST_REGION", "eu-west")),
                ),
            )
        ),
    )
