"""The import block: grouped, sorted and merged as isort's profile for black does."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from transpiler.emit.layout import COLUMNS
from transpiler.script.model import Import


def import_block(imports: Iterable[Import]) -> str:
    """Return the imports as text, the standard library's first.

    Names for type checkers only stand in an `if TYPE_CHECKING` at the end.
    """
    every = list(dict.fromkeys(imports))
    always = [i for i in every if not i.type_checking]
    sections = ["from __future__ import annotations", *_sections(always)]
    checked = [i for i in every if i.type_checking]
    if checked:
        body = "\n\n".join(_sections(checked))
        indented = "\n".join(f"    {line}" if line else "" for line in body.split("\n"))
        sections.append(f"if TYPE_CHECKING:\n{indented}")
    return "\n\n".join(sections)


def _sections(imports: list[Import]) -> list[str]:
    groups: dict[bool, list[Import]] = {True: [], False: []}
    for item in imports:
        groups[_is_standard(item.module)].append(item)
    return ["\n".join(_lines(group)) for group in groups.values() if group]


def _lines(imports: list[Import]) -> list[str]:
    plain: list[tuple[str, str]] = []
    names: dict[str, list[str]] = {}
    for item in imports:
        if item.name is None:
            same = item.bound == item.module.partition(".")[0]
            alias = "" if same else f" as {item.bound}"
            plain.append((item.module, f"import {item.module}{alias}"))
        else:
            alias = "" if item.bound == item.name else f" as {item.bound}"
            names.setdefault(item.module, []).append(f"{item.name}{alias}")
    # One module may be imported under several names.
    plain = sorted(set(plain), key=lambda each: (_natural(each[0]), each[1]))
    lines = [line for _, line in plain]
    for module in sorted(names, key=_natural):
        # isort puts what is renamed on a line of its own.
        together = sorted((n for n in names[module] if " as " not in n), key=_order)
        alone = sorted((n for n in names[module] if " as " in n), key=_order)
        if together:
            line = f"from {module} import {', '.join(together)}"
            if len(line) > COLUMNS:
                names_in = "".join(f"    {name},\n" for name in together)
                line = f"from {module} import (\n{names_in})"
            lines.append(line)
        lines += [f"from {module} import {name}" for name in alone]
    return lines


def _order(name: str) -> tuple[int, object]:
    """Constants before classes before functions, as isort and ruff order them."""
    bare = name.partition(" ")[0]
    if bare.isupper() and len(bare) > 1:
        return 0, _natural(bare)
    return (1 if bare[:1].isupper() else 2), _natural(bare)


def _natural(name: str) -> tuple[object, str]:
    """Sort without regard to case, and numbers in a name by their value.

    >>> sorted(["TypeVar", "TypedDict", "x10", "x9"], key=_natural)
    ['TypedDict', 'TypeVar', 'x9', 'x10']
    """
    parts = re.split(r"(\d+)", name.lower())
    return [(int(p), "") if p.isdecimal() else (-1, p) for p in parts], name


def _is_standard(module: str) -> bool:
    return module.partition(".")[0] in sys.stdlib_module_names
