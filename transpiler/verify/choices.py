"""What may happen in a run: the decisions that it comes to, and the path through them.

A run is led by a path, which says at which decisions something else happens than
usual. Whatever a path does not name happens as usual. Decisions are told apart by what
they are about and how often that was asked before, not by their place in the run: so a
path means the same to a workflow and to a script that does something else on the way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Path = Mapping[str, int]
"""Which option is taken, by the decision's key; the first where nothing is said."""

USUAL: Path = MappingProxyType({})
"""The path of a run in which nothing out of the ordinary happens."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that may happen. `words` tell it; `faults` says how many it counts as.

    `effect` is for who asked.
    """

    words: str
    effect: Any = None
    faults: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that a run came to, and the number of the option that it took."""

    key: str
    options: tuple[Option, ...]
    taken: int

    @property
    def option(self) -> Option:
        """What happened."""
        return self.options[self.taken]


class Oracle:
    """Decides as a path says, and writes the decisions down."""

    def __init__(self, path: Path = USUAL, depth: int = 1_000_000) -> None:
        self.decisions: list[Decision] = []
        self._path = path
        self._depth = depth
        self._quiet = False
        self._asked: Counter[str] = Counter()

    def times_asked(self, subject: str) -> int:
        """Return how often something was decided about a subject so far."""
        return self._asked[subject]

    def be_quiet(self) -> None:
        """Let all that follows happen as usual."""
        self._quiet = True

    def choose(self, subject: str, options: Sequence[Option]) -> Option:
        """Decide about a subject; the first option is what happens as usual.

        A subject that was asked about more often than the depth allows takes the first.
        """
        number = self._asked[subject] = self._asked[subject] + 1
        if len(options) == 1 or number > self._depth or self._quiet:
            return options[0]
        key = f"{subject} #{number}" if number > 1 else subject
        taken = self._path.get(key, 0)
        decision = Decision(key, tuple(options), taken if taken < len(options) else 0)
        self.decisions.append(decision)
        return decision.option


def faults_of(decisions: Sequence[Decision]) -> int:
    """Return how many faults a run met."""
    return sum(decision.option.faults for decision in decisions)
