"""Which distributions a script needs, in the versions that its project asks for."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata
from typing import Any

from transpiler.diagnostics import Diagnostic
from transpiler.frontend.project import FLOW, Project
from transpiler.source import Span, display_path


def requirements(
    project: Project,
    modules: Iterable[str],
    inside: Iterable[str] = (),
    tried: Iterable[str] = (),
) -> tuple[tuple[str, ...], list[Diagnostic]]:
    """Return the PEP 723 requirements of imported modules, and what can't be found.

    Modules imported `inside` of functions are listed if a distribution is known for
    them; those that are `tried`, as their import may fail, if the project asks for it.
    """
    declared = dict(_declared(project.metadata))
    found: set[str] = set()
    findings: list[Diagnostic] = []
    must = {m for m in modules if not is_standard(m)}
    inside = must.union(inside)
    for module in sorted(m for m in inside.union(tried) if not is_standard(m)):
        names = distributions_of(module)
        if module not in inside:
            # What is installed here must make no difference.
            names = [n for n in names if normal(n) in declared]
        if not names:
            names = [n for n in (normal(module.partition(".")[0]),) if n in declared]
        if names:
            # Several ship one namespace: those that the project asks for count.
            wanted = [n for n in names if normal(n) in declared] or names
            for name in wanted:
                found |= set(declared.get(normal(name), [normal(name)]))
        elif module in must:
            findings.append(_unknown(project, module))
    return tuple(sorted(found)), findings


def python_of(project: Project) -> str:
    """Return the versions of Python that a script is for: the project's, if it says so.

    A script itself needs 3.11, whatever older versions the project is for.
    """
    asked = project.metadata.get("project", {}).get("requires-python", "")
    lowest = re.search(r">=?\s*3\.(\d+)", asked) if isinstance(asked, str) else None
    return asked.strip() if lowest and int(lowest[1]) > 11 else ">=3.11"


def is_standard(module: str) -> bool:
    """Whether a module comes with Python, or is ours."""
    top = module.partition(".")[0]
    return top in sys.stdlib_module_names or top in ("", FLOW)


def distributions_of(module: str) -> list[str]:
    """Return the installed distributions that provide a module."""
    top = module.partition(".")[0]
    names = sorted(set(_packages().get(top, ())))
    if len(names) > 1:
        # A namespace package such as google: look for the module itself.
        parts = module.split(".")
        for length in range(len(parts), 1, -1):
            path = "/".join(parts[:length])
            exact = [n for n in names if _ships(n, path)]
            if exact:
                return exact
    return names


@cache
def _packages() -> Mapping[str, list[str]]:
    return metadata.packages_distributions()


def _ships(distribution: str, path: str) -> bool:
    files = metadata.files(distribution) or ()
    ends = (f"{path}.py", f"{path}/__init__.py")
    return any(str(file) in ends or str(file).startswith(f"{path}.") for file in files)


def normal(name: str) -> str:
    """Return a distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _declared(pyproject: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield the requirements that a project states, its own dependencies winning."""
    project = pyproject.get("project", {})
    groups: list[Any] = [
        *pyproject.get("dependency-groups", {}).values(),
        *project.get("optional-dependencies", {}).values(),
        project.get("dependencies", []),
    ]
    found: dict[str, list[str]] = {}
    for group in groups:
        here: dict[str, list[str]] = {}
        for requirement in group if isinstance(group, list) else ():
            match = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", str(requirement).strip())
            if isinstance(requirement, str) and match:
                here.setdefault(normal(match[0]), []).append(requirement.strip())
        found |= here
    yield from found.items()


def _unknown(project: Project, module: str) -> Diagnostic:
    origin = project.find(module)
    where = f" (it lies at {display_path(str(origin))})" if origin else ""
    return Diagnostic(
        Span(str(project.place.path)),
        "FLOW309",
        f"{module} is not part of the project, nor of an installed distribution{where}",
        f"install it, or copy it too: [tool.flowc] first-party = "
        f'["{module.partition(".")[0]}"]',
    )
