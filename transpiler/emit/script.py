"""Put a script together, lay it out, and make sure that it is whole."""

from __future__ import annotations

import symtable

import black
from black.mode import TargetVersion

from transpiler.diagnostics import refuse
from transpiler.emit.characters import unused_mark, visible
from transpiler.emit.imports import import_block
from transpiler.emit.layout import laid_out, spaced
from transpiler.emit.render import block, render
from transpiler.emit.templates import NEWLINE, environment
from transpiler.script.model import Function, Main, Script
from transpiler.script.names import RESERVED
from transpiler.source import NOWHERE, Span

MODE = black.Mode(
    target_versions={TargetVersion.PY311},
    line_length=88,
    string_normalization=True,
)


def emit(script: Script, span: Span = NOWHERE) -> str:
    """Return the text of a script: black-formatted, compiled, with no unknown name.

    `span` is where its workflow is.
    """
    source = script.name
    mark = unused_mark(script)
    token = NEWLINE.set(mark)
    try:
        text = _rendered(script)
    finally:
        NEWLINE.reset(token)
    several = mark in text
    if several:
        # A string of several lines is laid out otherwise than one of a single line.
        text = black.format_str(text, mode=MODE).replace(mark, "\n")
    formatted = black.format_str(visible(text, source, span), mode=MODE)
    _check(formatted, source)
    return formatted


def _rendered(script: Script) -> str:
    ours: list[Function | Main] = [*script.functions]
    if script.main:
        ours.append(script.main)
    body = [
        import_block(script.imports),
        *script.definitions,
        *map(laid_out, script.support),
        *script.prelude,
        *(laid_out(render(part)) for part in ours),
    ]
    template = environment(block).get_template("script.py.jinja")
    return template.render(script=script, body=spaced(body))


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
    known |= _globals_bound(table)
    unknown = sorted(_globals_read(table) - known - RESERVED - _MODULE_NAMES)
    if unknown:
        raise refuse(
            "FLOW402",
            f"the script of {source} would read names that it does not have: "
            f"{', '.join(unknown)}",
            hint="this is a mistake of flowc's: please report it with the workflow",
        )


_MODULE_NAMES = {"__name__", "__doc__", "__file__", "__annotations__", "__builtins__"}
_MODULE_NAMES |= {"__module__", "__qualname__"}  # Of a class's body.


def _globals_bound(table: symtable.SymbolTable) -> set[str]:
    """Return what functions and comprehensions bind: by `global`, and by `:=`."""
    bound = {s.get_name() for s in table.get_symbols() if s.is_global()}
    bound &= {s.get_name() for s in table.get_symbols() if s.is_assigned()}
    return bound.union(*map(_globals_bound, table.get_children()))


def _globals_read(table: symtable.SymbolTable) -> set[str]:
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and symbol.is_global()
    }
    return names.union(*map(_globals_read, table.get_children()))
