"""Parallel: steps at the same time, in threads."""

from __future__ import annotations

from transpiler.capture.sites import call_site
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import refuse, report
from transpiler.flow.accept import merged_state
from transpiler.flow.kinds import ProviderLike, S, Step
from transpiler.flow.sequence import accept_providers
from transpiler.flow.words import is_text, label, shown
from transpiler.ir import nodes as ir


def in_parallel(
    *providers: ProviderLike[S], limit: int | None = None, join_errors: bool = False
) -> Step[S]:
    """Run the steps of all providers at once.

    All providers are expanded in order first. After the first error, running branches
    end, branches not begun are cancelled, and the first error in time is raised.

    Parameters:
        providers: for_each(...), steps(...), or steps.
        limit: how many branches run at the same time; 32 without a limit.
        join_errors: let all branches run, and raise one ExceptionGroup of their errors
            in the order of the branches.
    """
    site = call_site(in_parallel)
    nodes, parts = accept_providers(providers, site)
    bound = None
    if limit is not None:
        bound = site.expression("limit", limit)
        if isinstance(limit, Symbol) and not is_text(limit):
            report(
                refuse(
                    "FLOW203",
                    f"{label(limit)} limits a parallel block, which has to be known "
                    "when the workflow is built",
                    span=site.span_of("limit"),
                    hint="give a number, or choose between two blocks with flow.when",
                )
            )
        elif not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
            report(
                refuse(
                    "FLOW104",
                    f"the limit of a parallel block is {shown(limit)}",
                    span=site.span_of("limit"),
                    hint="give a whole number from 1 on, or leave it out",
                )
            )
    node = ir.InParallel(nodes, bound, join_errors, span=site.span)
    return Step(node, merged_state(site, parts))
