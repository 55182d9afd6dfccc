"""From the author's file to a script: the table of contents of a build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from transpiler.diagnostics import collecting
from transpiler.emit.script import emit
from transpiler.flow import Step, Workflow
from transpiler.flow.accept import declared_state
from transpiler.frontend.entry import check_names
from transpiler.frontend.imports import source_name
from transpiler.frontend.load import EntryPoint
from transpiler.ir import nodes as ir
from transpiler.lowering.workflow import Lowered, Origin, lower_workflow
from transpiler.passes import PASSES


def _built(entry: EntryPoint) -> tuple[ir.Workflow, type[Any] | None]:
    step = entry.step()
    return workflow_of(entry.name, entry.workflow, step), _state_type(entry, step)


def _passed(workflow: ir.Workflow) -> ir.Workflow:
    for change in PASSES:
        workflow = change(workflow)
    return workflow


def written_workflow(entry: EntryPoint) -> ir.Workflow:
    """Build an entry point's step; return it as IR, as written: before any pass.

    Raises TranspileError with all mistakes that are found in it.
    """
    with collecting():
        return workflow_of(entry.name, entry.workflow, entry.step())


def workflow_of(name: str, entry: object, built: Step[Any]) -> ir.Workflow:
    """Return an entry point as IR: a decorated function, or a step with a name."""
    match built.node:
        case ir.Composite(function=function, step=step) if isinstance(entry, Workflow):
            # The entry point's own call: its docstring is the script's.
            return ir.Workflow(name, step, function, span=step.span)
        case step:
            return ir.Workflow(name, step, span=step.span)


def build_script(entry: EntryPoint) -> str:
    """Return the script of an entry point, but for the line with its hash.

    Raises TranspileError with all that can't be translated.
    """
    return translated(entry).text


@dataclass(frozen=True, slots=True)
class Translation:
    """A workflow and its script.

    `built` is the workflow as the author built it, `workflow` what the passes made of
    it; `text` lacks the line with the hash.
    """

    built: ir.Workflow
    workflow: ir.Workflow
    state_type: type[Any] | None
    lowered: Lowered
    text: str


def translated(entry: EntryPoint) -> Translation:
    """Return the script of an entry point, and all that it was made from.

    Raises TranspileError with all that can't be translated.
    """
    origin = Origin(source_name(entry.path), entry.module_name)
    with collecting():  # What is wrong with it and with its parts: in one report.
        check_names(entry, origin.source)
        built, kind = _built(entry)
        workflow = _passed(built)
        lowered = lower_workflow(workflow, origin, kind)
    text = emit(lowered.script, entry.span)
    return Translation(built, workflow, kind, lowered, text)


def state_type(entry: EntryPoint) -> type[Any] | None:
    """Return the type of the state that an entry point runs on, if it is annotated."""
    with collecting():
        built = entry.step()
    return _state_type(entry, built)


def _state_type(entry: EntryPoint, built: Step[Any]) -> type[Any] | None:
    """Return the type that the steps say, else the one that the entry point does."""
    if built.state is not None:
        return built.state.type
    workflow = entry.workflow
    return declared_state(workflow.fn) if isinstance(workflow, Workflow) else None
