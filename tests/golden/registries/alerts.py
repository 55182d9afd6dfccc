"""Alerts, and who sends them."""

from __future__ import annotations

from collections.abc import Callable

Sender = Callable[[str], str]

SENDERS: dict[str, Sender] = {}
ORDER: list[tuple[str, str]] = []


class Alerts:
    """Keeps senders under names."""

    def sender(self, name: str) -> Callable[[Sender], Sender]:
        """Register a function that sends."""

        def decorate(function: Sender) -> Sender:
            self._keep(name, function)
            return function

        return decorate

    def _keep(self, name: str, function: Sender) -> None:
        SENDERS[name] = function


class Stage:
    """A stage of an alert: each comes before some others."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __rshift__(self, other: Stage) -> Stage:
        ORDER.append((self.name, other.name))
        return other


alerts = Alerts()
first, second, third = Stage("notice"), Stage("warning"), Stage("page")
last = Stage("silence")
first >> second >> third
