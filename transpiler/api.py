"""What others call: the script of a workflow, from Python."""

from __future__ import annotations

from pathlib import Path

from transpiler.capture.markers import Built
from transpiler.diagnostics import refuse
from transpiler.flow import Step, Workflow
from transpiler.frontend.load import loaded
from transpiler.pipeline import build_script


def transpile_file(path: str | Path, name: str | None = None) -> str:
    """Return the script of a workflow in a file.

    Parameters:
        path: the author's file.
        name: the entry point; it may be left out if the file has only one.

    Raises:
        TranspileError: with all that is wrong with the file or the workflow.
    """
    with loaded(path) as module:
        return build_script(module.entry_point(name))


def transpile(workflow: object) -> str:
    """Return the script of a workflow: an entry point, or a step of a module.

    Parameters:
        workflow: a function decorated with @flow.workflow, or a step that a module
            has a name for.

    Raises:
        TranspileError: with all that is wrong with the workflow.

    Example:
        >>> from examples.static.workflow import provision_database  # doctest: +SKIP
        >>> print(transpile(provision_database))  # doctest: +SKIP
    """
    path, name = _place(workflow)
    return transpile_file(path, name)


def _place(workflow: object) -> tuple[str, str]:
    """Return the file of a workflow and its name there."""
    if isinstance(workflow, Workflow):
        return workflow.fn.__code__.co_filename, workflow.__name__
    if isinstance(workflow, Built) and isinstance(workflow, Step):
        path = workflow.node.span.path
        with loaded(path) as module:
            for entry in module.entry_points():
                if entry.span == workflow.node.span or (
                    isinstance(entry.workflow, Step)
                    and entry.workflow.node.span == workflow.node.span
                ):
                    return path, entry.name
    raise refuse(
        "FLOW006",
        f"{workflow!r} is not a workflow that a module has a name for",
        hint="give a function decorated with @flow.workflow, or a module's step",
    )
