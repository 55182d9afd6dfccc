"""Put a script together, lay it out, and make sure that it is whole."""

from __future__ import annotations

import symtable

import black
from black.mode import TargetVersion

from transpiler.diagnostics import refuse
from transpiler.emit.imports import import_block
from transpiler.emit.render import block, render
from transpiler.emit.templates import NEWLINE, environment
from transpiler.script.model import Script
from transpiler.script.names import RESERVED

MODE = black.Mode(
    target_versions={TargetVersion.PY311},
    line_length=88,
    string_normalization=True,
)


def emit(script: Script) -> str:
    """Return the text of a script: black-formatted, compiled, with no unknown name."""
    text = (
        environment(block)
        .get_template("script.py.jinja")
        .render(
            script=script,
            imports=import_block(script.imports),
            functions=[render(function) for function in script.functions],
            main=render(script.main) if script.main else "",
        )
    )
    formatted = black.format_str(text, mode=MODE)
    if NEWLINE in formatted:
        # A string of several lines is laid out otherwise than one of a single line.
        formatted = black.format_str(formatted.replace(NEWLINE, "\n"), mode=MODE)
    _check(formatted, script.source[-1].strip("# "))
    return formatted


def _check(text: str, source: str) -> None:
    """Refuse a script that does not compile, or that reads a name it does not have.

    Either is a mistake of ours; better no script than one that fails when it runs.
    """
    try:
        table = symtable.symtable(text, source, "exec")
    except SyntaxError as error:
        raise refuse(
            "FLOW401",
            f"the script of {source} would not compile: {error.msg} in line "
            f"{error.lineno}: {(error.text or '').strip()}",
            hint="this is a mistake of flowc's: please report it with the workflow",
        ) from error
    known = {s.get_name() for s in table.get_symbols() if s.is_assigned()}
    known |= {s.get_name() for s in table.get_symbols() if s.is_imported()}
    known |= {child.get_name() for child in table.get_children()}
    unknown = sorted(_globals_read(table) - known - RESERVED - _MODULE_NAMES)
    if unknown:
        raise refuse(
            "FLOW402",
            f"the script of {source} would read names that it does not have: "
            f"{', '.join(unknown)}",
            hint="this is a mistake of flowc's: please report it with the workflow",
        )


_MODULE_NAMES = {"__name__", "__doc__", "__file__", "__annotations__", "__builtins__"}


def _globals_read(table: symtable.SymbolTable) -> set[str]:
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and symbol.is_global()
    }
    return names.union(*map(_globals_read, table.get_children()))
