"""What may go wrong."""

from __future__ import annotations


class OnboardingError(Exception):
    """Something about a tenant went wrong."""

    def __init__(self, tenant: str, reason: str = "") -> None:
        super().__init__(f"{tenant}: {reason or self.default_reason()}")
        self.tenant = tenant

    @classmethod
    def default_reason(cls) -> str:
        """Say what went wrong if nobody else does."""
        return cls.__name__


class QuotaExceededError(OnboardingError):
    """The region has no room left."""


class UnavailableError(OnboardingError):
    """A backend did not answer."""

    retry_after = 5


class ForbiddenError(OnboardingError):
    """A backend will never accept this."""
