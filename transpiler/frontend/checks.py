"""What a reference in copied code must not be, because a script could not keep it."""

from __future__ import annotations

import builtins
import difflib
import sys
from dataclasses import replace
from typing import Any

import libcst as cst

from transpiler.diagnostics import TranspileError, refuse
from transpiler.frontend.mentions import Reference
from transpiler.frontend.modules import Statement
from transpiler.frontend.project import FLOW
from transpiler.frontend.resolve import (
    Builtin,
    External,
    Fact,
    Flow,
    Global,
    Missing,
    Package,
    Resolution,
    Resolver,
)
from transpiler.frontend.scopes import dotted, root_name, walk

PRELUDE = frozenset({"Exhausted", "RecoveredPanic", "names", "remaining"})
"""What bodies may use of flow's: the script defines it itself."""

_DYNAMIC = frozenset({"globals", "eval", "exec", "__import__"})
_DYNAMIC_MEMBERS = {
    (
        "importlib",
        "import_module",
    ): "imports a module of the project, or one whose name is only known at run time",
    ("importlib", "reload"): "reloads a module",
    ("sys", "modules"): "looks modules up by name",
    ("pkgutil", "iter_modules"): "looks for modules",
    ("pkgutil", "walk_packages"): "looks for modules",
}


def check_reference(
    resolver: Resolver, statement: Statement, reference: Reference, found: Resolution
) -> Resolution:
    """Return what a reference stands for, or raise the finding.

    Of another step's function `step.fn`, the plain function, `fn` counts as used.
    """
    shown = ".".join((reference.name, *reference.path[: found.used]))

    def refusal(code: str, message: str, hint: str = "") -> TranspileError:
        span = resolver.module(statement.module).span_of(reference)
        return refuse(code, message, span=span, hint=hint)

    local = reference.local
    if local is not None and (not local.sole or reference.scope.kind == "class"):
        raise refusal(
            "FLOW310",
            f"{local.bound} is imported from the project here, and bound otherwise too",
            "import it under a name of its own, at the top of the module",
        )
    match found.entity:
        case Missing(module=module, name=name):
            raise refusal(
                "FLOW301",
                f"{shown} isn't defined: no statement of {module} binds {name}",
                _similar(resolver, module, name),
            )
        case Package(module=module):
            raise refusal(
                "FLOW302",
                f"{shown} is the module {module}, used as a value",
                f"a script has no modules: name what you need, as in {shown}.NAME",
            )
        case Fact(name=name) if name != "__name__":
            raise refusal(
                "FLOW305",
                f"{name} belongs to a module, and differs in a script",
                "pass what you need as an argument, or read it from the state",
            )
        case Flow(name=name) if name not in PRELUDE:
            if isinstance(statement.node, cst.ClassDef):
                raise refusal(
                    "FLOW304",
                    f"{shown} builds workflows; the script has the class"
                    f" {statement.node.name.value}, but nothing that builds any",
                    "put steps, and what builds them, at the top level of the module,"
                    " or into a class that no step uses",
                )
            raise refusal(
                "FLOW304",
                f"{shown} builds workflows, and has no meaning while one runs",
                f"of flow's, a step may use {', '.join(sorted(PRELUDE))}",
            )
        case Builtin(name=name):
            if name == "__import__" and _names_foreign(
                resolver, statement.node, reference.nodes[-1]
            ):
                return found
            if name in _DYNAMIC or (
                name in ("locals", "vars", "dir")
                and reference.called
                and reference.eager
                and reference.scope.kind == "module"
                and _without_arguments(statement.node, reference.nodes[-1])
            ):
                raise refusal(
                    "FLOW307",
                    f"{name}() reaches names that can't be read from the source",
                    "name what you need; a dict of functions does for dispatch",
                )
        case External() as entity:
            member = _member(entity, reference)
            why = _DYNAMIC_MEMBERS.get(member)
            if why is not None and not _names_foreign(
                resolver, statement.node, reference.nodes[-1]
            ):
                hint = "import it by a statement at the top of the module"
                if member == ("sys", "modules"):
                    hint = (
                        "name what you need of a module of the project; the name of"
                        ' another, as in sys.modules["json"], is fine'
                    )
                raise refusal(
                    "FLOW307",
                    f"{'.'.join((reference.name, *reference.path))} {why}",
                    hint,
                )
        case Global() as entity:
            direct = found.used == len(reference.path)
            if reference.assigned and direct and reference.path:
                raise refusal(
                    "FLOW308",
                    f"{shown} belongs to {entity.module}, and is assigned here",
                    f"give {entity.module} a function that assigns it by `global`",
                )
            if is_flow_object(resolver, entity):
                return _plain_function(resolver, found, reference, refusal)
    return found


def _plain_function(
    resolver: Resolver, found: Resolution, reference: Reference, refusal: Any
) -> Resolution:
    rest = reference.path[found.used :]
    if rest[:1] == ("fn",):
        return replace(found, used=found.used + 1)
    shown = ".".join((reference.name, *reference.path[: found.used]))
    error: TranspileError
    entity = found.entity
    assert isinstance(entity, Global)
    binders = resolver.module(entity.module).binders.get(entity.name, ())
    if any(flow_decorators(resolver, statement) for statement in binders):
        error = refusal(
            "FLOW303",
            f"{shown} would build a step here, and not run it",
            f"write {shown}.fn(state, ...) to call its function",
        )
    else:
        error = refusal(
            "FLOW303",
            f"{shown} is a part of a workflow, which can't be used inside a step",
            "call the functions that it is made of: NAME.fn(state, ...)",
        )
    raise error


def is_flow_object(resolver: Resolver, entity: Global) -> bool:
    """Whether a global holds something of flow's: a decorated function, a step."""
    if flow_value(runtime_value(entity)):
        return True
    return any(
        flow_decorators(resolver, statement)
        for statement in resolver.module(entity.module).binders.get(entity.name, ())
    )


def flow_value(value: object) -> bool:
    """Whether a value is an instance of one of our classes."""
    return type(value).__module__.startswith(f"{FLOW}.")


def runtime_value(entity: Global) -> object:
    """Return what a global of an imported module holds now; None if it isn't known."""
    return getattr(sys.modules.get(entity.module), entity.name, None)


def flow_decorators(resolver: Resolver, statement: Statement) -> list[cst.Decorator]:
    """Return the decorators of a function that are flow's, which are left out."""
    node = statement.node
    if not isinstance(node, cst.FunctionDef):
        return []
    return [d for d in node.decorators if _is_flow(resolver, statement.module, d)]


def _is_flow(resolver: Resolver, module: str, node: cst.Decorator) -> bool:
    root = root_name(node.decorator)
    if root is None:
        return False
    function = node.decorator
    if isinstance(function, cst.Call):
        function = function.func
    path = tuple(dotted(function).split(".")[1:])
    entity = resolver.resolve(module, root.value, path).entity
    if isinstance(entity, Flow):
        return True
    value = runtime_value(entity) if isinstance(entity, Global) else None
    # `my_step = flow.step` decorates too.
    return str(getattr(value, "__module__", "")).startswith(f"{FLOW}.")


def _member(entity: External, reference: Reference) -> tuple[str, str]:
    path = (entity.name, *reference.path) if entity.name else reference.path
    return (entity.module, path[0]) if path else ("", "")


def _calls(node: cst.CSTNode, function: cst.CSTNode) -> cst.Call | None:
    for part in walk(node):
        if isinstance(part, cst.Call) and part.func is function:
            return part
    return None


def _without_arguments(node: cst.CSTNode, function: cst.CSTNode) -> bool:
    call = _calls(node, function)
    return call is not None and not call.args


def _names_foreign(resolver: Resolver, node: cst.CSTNode, used: cst.CSTNode) -> bool:
    """Whether this is `import_module("json")` or `"json" in sys.modules`.

    That is: a literal, and no module of the project.
    """
    for part in walk(node):
        key: cst.CSTNode | None = None
        match part:
            case cst.Call(func=function, args=[first, *_]) if function is used or (
                isinstance(function, cst.Attribute) and function.value is used
            ):
                key = first.value
            case cst.Subscript(
                value=inner, slice=[cst.SubscriptElement(only)]
            ) if inner is used and isinstance(only, cst.Index):
                key = only.value
            case cst.Comparison(left=left, comparisons=[one]) if one.comparator is used:
                key = left
        if isinstance(key, cst.SimpleString):
            name = key.evaluated_value
            ours = resolver.project.is_first_party
            return isinstance(name, str) and name != "__main__" and not ours(name)
    return False


def _similar(resolver: Resolver, module: str, name: str) -> str:
    known = [*vars(builtins)]
    if resolver.project.is_first_party(module) and resolver.is_source(module):
        known += resolver.module(module).binders
    close = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {close[0]}?" if close else f"define {name}, or import it"
