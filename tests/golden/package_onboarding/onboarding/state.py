"""What one onboarding knows."""

from __future__ import annotations

from dataclasses import dataclass, field

from . import clients
from .models import Plan


@dataclass
class Onboarding:
    """One run of the onboarding."""

    send_mail: bool = True
    journal: list[str] = field(init=False, default_factory=list)
    backend: clients.Backend = field(init=False, default_factory=clients.local_backend)
    seats: dict[Plan, int] = field(init=False, default_factory=dict)

    def note(self, text: str) -> None:
        """Write down what was done."""
        self.journal.append(text)
