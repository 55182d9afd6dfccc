"""State and resources: steps on a state of their own."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, TypeVar

from transpiler.capture.sites import call_site
from transpiler.flow.accept import accept
from transpiler.flow.kinds import Extract, ExtractLike, S, Step, StepLike
from transpiler.ir import nodes as ir

C = TypeVar("C")


def spawn(derive: ExtractLike[S, C], step: StepLike[C]) -> Step[S]:
    """Run a step on the child state that an extract derives from the state."""
    site = call_site(spawn)
    source: Extract[Any, Any] = accept(Extract, derive, site, 0)
    part: Step[Any] = accept(Step, step, site, 1)
    return Step(ir.Spawn(source.node, part.node, span=site.span), source.state)


def using(
    resource: ExtractLike[S, AbstractContextManager[C]], step: StepLike[C]
) -> Step[S]:
    """Run a step on what a context manager gives; it is left whatever happens.

    Parameters:
        resource: an extract that returns a context manager, such as a connection.
        step: what to do with what it gives.
    """
    site = call_site(using)
    source: Extract[Any, Any] = accept(Extract, resource, site, 0)
    part: Step[Any] = accept(Step, step, site, 1)
    return Step(ir.Using(source.node, part.node, span=site.span), source.state)
