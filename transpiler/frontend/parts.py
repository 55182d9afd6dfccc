"""Parts of workflows that code which runs can't name: it would build, and not run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from transpiler.capture.markers import Built, Leaf
from transpiler.frontend.checks import PRELUDE, flow_value


@dataclass(frozen=True, slots=True)
class Misuse:
    """Why a dotted name has no meaning in a script; `length` of its names are at fault.

    `shown` are these names; `builds` says whether calling them would build a step.
    """

    code: str
    message: str
    hint: str
    shown: str
    length: int
    builds: bool = True


def misuse(names: Sequence[str], values: Mapping[str, Any]) -> Misuse | None:
    """Return why code that runs can't read a dotted name, or None if it can.

    Parameters:
        names: the parts of the dotted name, the first of them a global.
        values: the globals of the module.
    """
    value: Any = values.get(names[0])
    shown = names[0]
    for length, name in enumerate((*names[1:], ""), 1):
        if isinstance(value, Leaf):
            if name == "fn":
                return None
            message = f"{shown} would build a step here, and not run it"
            hint = f"write {shown}.fn(state, ...) to call its function"
            return Misuse("FLOW303", message, hint, shown, length)
        if isinstance(value, Built):
            message = f"{shown} is a part of a workflow, which can't be used in a step"
            hint = "call the functions that it is made of: NAME.fn(state, ...)"
            return Misuse("FLOW303", message, hint, shown, length, builds=False)
        if not isinstance(value, ModuleType) or not name:
            break
        value = getattr(value, name, None)
        shown = f"{shown}.{name}"
    ours = flow_value(value) or _is_flows(getattr(value, "__module__", ""))
    if not ours or shown.rpartition(".")[2] in PRELUDE:
        return None
    message = f"{shown} builds workflows, and has no meaning while one runs"
    hint = "build the step where the workflow is built, not where it runs"
    return Misuse("FLOW304", message, hint, shown, shown.count(".") + 1)


def _is_flows(module: object) -> bool:
    return isinstance(module, str) and module.startswith("transpiler.")
