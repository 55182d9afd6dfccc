"""Onboard tenants of the service."""

from .models import Limits, Plan, Tenant
from .state import Onboarding

__all__ = ["Limits", "Onboarding", "Plan", "Tenant"]
