"""What is written down: a module with a name of the standard library's."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from .state import Cluster

P = ParamSpec("P")
R = TypeVar("R")


def journaled(
    verb: str, /, *, once: bool = False
) -> Callable[
    [Callable[Concatenate[Cluster, P], R]], Callable[Concatenate[Cluster, P], R]
]:
    """Write down each call of a step; with `once`, only the first."""

    def decorate(
        step: Callable[Concatenate[Cluster, P], R],
    ) -> Callable[Concatenate[Cluster, P], R]:
        seen = 0

        @functools.wraps(step)
        def wrapper(cluster: Cluster, /, *args: P.args, **kwargs: P.kwargs) -> R:
            nonlocal seen
            seen += 1
            if not once or seen == 1 or verb not in str(cluster.journal):
                cluster.journal.append(" ".join([verb, *map(str, args)]))
            return step(cluster, *args, **kwargs)

        return wrapper

    return decorate
