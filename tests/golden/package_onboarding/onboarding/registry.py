"""What has to happen for each plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TypeAlias

from .models import Plan, Tenant

Hook: TypeAlias = "Callable[[Tenant], list[str]]"

HOOKS: defaultdict[Plan, list[Hook]] = defaultdict(list)


def on_plan(*plans: Plan) -> Callable[[Hook], Hook]:
    """Register a hook for plans."""

    def register(hook: Hook) -> Hook:
        for plan in plans:
            HOOKS[plan].append(hook)
        return hook

    return register


def run_hooks(tenant: Tenant) -> list[str]:
    """Return what all hooks of a tenant's plan say."""
    return [line for hook in HOOKS[tenant.plan] for line in hook(tenant)]
