"""Retries as they are mostly written."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from transpiler import flow

log = logging.getLogger(__name__)


@dataclass
class Upload:
    """A file to send."""

    parts: list[str] = field(init=False, default_factory=list)


class RejectedError(Exception):
    """The other side does not want it."""


@flow.step
def send(upload: Upload, part: str) -> None:
    """Send a part."""
    upload.parts.append(part)


@flow.step
def confirm(upload: Upload) -> None:
    """Ask whether it arrived."""
    log.info("%d parts", len(upload.parts))


def is_temporary(error: Exception) -> bool:
    """Return whether it is worth another attempt."""
    return not isinstance(error, RejectedError)


@flow.workflow
def send_file() -> flow.Step[Upload]:
    """Send a file in parts."""
    return flow.do(
        flow.retry(send("head")),
        flow.retry(
            flow.do(send("body"), confirm()),
            flow.up_to(4),
            flow.exponential_backoff(0.5),
        ),
        flow.retry(send("foot"), flow.up_to(3), flow.fixed_backoff(2)),
        # Only what may go away by itself is tried again.
        flow.retry(
            send("signature"),
            flow.only_if(is_temporary),
            flow.up_to(5),
            flow.fixed_backoff(1),
        ),
        flow.retry(confirm, flow.up_to(2)),
    )
