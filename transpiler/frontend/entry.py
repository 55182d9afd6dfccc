"""What an entry point, and its file, must not be called."""

from __future__ import annotations

from transpiler.diagnostics import refuse, report
from transpiler.frontend.load import EntryPoint
from transpiler.script.names import RESERVED


def check_names(entry: EntryPoint, source: str) -> None:
    """Report a workflow that would hide a builtin in its script.

    Raises TranspileError where the script could not name its source in a comment.
    """
    if entry.name in RESERVED:
        report(
            refuse(
                "FLOW009",
                f"the workflow is called {entry.name}, and would hide the builtin",
                span=entry.span,
                hint=f"give it another name, such as {entry.name}_all",
            )
        )
    if not source.isprintable():
        raise refuse(
            "FLOW318",
            f"the script could not name its source, {source!r}: that has a "
            "character which no comment can hold, or which turns text around",
            span=entry.span,
            hint="rename the file or the folder",
        )
