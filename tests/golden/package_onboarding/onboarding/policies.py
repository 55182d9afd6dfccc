"""How patient we are."""

from __future__ import annotations

from transpiler import flow

from .errors import ForbiddenError, UnavailableError

TRANSIENT = (UnavailableError, ConnectionError)

PATIENT = (flow.up_to(4), flow.exponential_backoff(2, max_delay=10))


def is_worth_it(error: Exception) -> bool:
    """Whether another attempt may go better."""
    return not isinstance(error, ForbiddenError)
