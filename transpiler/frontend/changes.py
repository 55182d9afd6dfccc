"""What the building of a workflow changes in the author's modules, beside building it.

A script has a module's constants as the module makes them. What the workflow's function
put into one of them would be missing there. So all of them are looked at when the
modules have been imported, and again when a script is made.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from transpiler.diagnostics import Diagnostic
from transpiler.frontend.looks import Looks, remembered
from transpiler.frontend.modules import Statement
from transpiler.frontend.reach import Reach
from transpiler.frontend.resolve import Global, Resolution


def changed_by_build(
    reach: Reach, kept: Iterable[Statement], evaluated: Iterable[Resolution]
) -> Iterator[Diagnostic]:
    """Yield what the script would not have as the steps' arguments had it.

    `evaluated` are what arguments call: the script calls that, too, when it starts.
    """
    before = remembered()
    looks = Looks(reach.resolver.project.place)
    excused = _used_by(reach, evaluated)
    for statement in kept:
        known = before.get(statement.module, {})
        now = vars(sys.modules.get(statement.module, object))
        for name in sorted(statement.binds & known.keys() & now.keys()):
            if Global(statement.module, name) in excused:
                continue
            if looks.of(now[name]) != known[name]:
                module = reach.resolver.module(statement.module)
                yield Diagnostic(
                    module.span(statement),
                    "FLOW209",
                    f"building the workflow changes {name}, which the script has as "
                    "this makes it",
                    "change it at the top level of the module, or keep what the "
                    "workflow is built from in a local variable",
                )


def _used_by(reach: Reach, evaluated: Iterable[Resolution]) -> set[Global]:
    """Return what a call of these may come to use."""
    found: set[Global] = set()
    waiting = [r.entity for r in evaluated if isinstance(r.entity, Global)]
    while waiting:
        entity = waiting.pop()
        if entity in found:
            continue
        found.add(entity)
        for statement in reach.binders(entity):
            uses = reach.uses.get((statement.module, statement.index), ())
            used = (use.resolution.entity for use in uses)
            waiting += (other for other in used if isinstance(other, Global))
    return found
