"""Steps that ask how long they have."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Download:
    """Files to fetch, and the time that was left for each."""

    timeouts: list[float | None] = field(init=False, default_factory=list)


@flow.step
def fetch(download: Download, url: str) -> None:
    """Fetch a file."""
    timeout = flow.remaining()
    download.timeouts.append(timeout)


@flow.step
def close(download: Download) -> None:
    """Close all connections."""
    download.timeouts.append(flow.remaining())


@flow.workflow
def download_all() -> flow.Step[Download]:
    """Fetch files, each request with what is left as its timeout."""
    return flow.do(
        fetch("/motd"),
        flow.with_timeout(30, fetch("/index")),
        flow.with_timeout(
            60,
            flow.do(
                flow.ensure(flow.do(fetch("/a"), fetch("/b")), close),
                flow.with_timeout(10, fetch("/c")),
                flow.in_parallel(
                    flow.for_each(["/d", "/e"], fetch),
                    flow.do(fetch("/f"), fetch("/g")),
                ),
            ),
        ),
        close,
    )
