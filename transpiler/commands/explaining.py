"""`flowc explain`."""

from __future__ import annotations

from collections.abc import Iterable

import click

from transpiler.commands.options import common_options


@click.command()
@click.argument("code", metavar="CODE")
@common_options
def explain(code: str) -> None:
    """Show the page of a diagnostic: what it means, an example, how to mend it.

    CODE is what stands in brackets: FLOW104, or just 104.
    """
    from transpiler.resources import pages_folder

    pages = {path.stem: path for path in pages_folder().glob("FLOW*.md")}
    wanted = code.strip("[] ").upper()
    wanted = f"FLOW{wanted}" if wanted.isdigit() else wanted
    if wanted not in pages:
        raise click.UsageError(f"there is no diagnostic {code}; {_near(wanted, pages)}")
    click.echo(pages[wanted].read_text(encoding="utf-8").strip())


def _near(wanted: str, pages: Iterable[str]) -> str:
    import difflib

    close = sorted(difflib.get_close_matches(wanted, sorted(pages), n=3, cutoff=0.8))
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"they go from {min(pages)} to {max(pages)}"
