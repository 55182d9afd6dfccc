"""The environment of a run, for arguments that must not be frozen into the script."""

from __future__ import annotations

import os
from typing import Any

from transpiler.capture.sites import call_site
from transpiler.capture.symbols import Symbol
from transpiler.diagnostics import refuse, report
from transpiler.ir.expressions import Computed, Given, Let, Source
from transpiler.script.names import identifier


def env(name: str, default: str | None = None) -> str:
    """Stand for an argument that is read from the environment when a run starts.

    Parameters:
        name: the variable, such as "DATABASE_URL".
        default: what it is where it is not set. Without one, the run fails at its start
            with a KeyError.
    """
    site = call_site(env)
    if not isinstance(name, str) or not (default is None or isinstance(default, str)):
        report(
            refuse(
                "FLOW104",
                f"env({name!r}, {default!r}) can't be",
                span=site.span,
                hint='give strings: flow.env("NAME", "default")',
            )
        )
        name = str(name)
    text = "os.environ[name]" if default is None else "os.environ.get(name, default)"
    given = {"name": Given(name), "default": Given(default)}
    names = {key: value for key, value in given.items() if key in text}
    source = Source(text, {"os": os}, dict(names), site.span)
    # For type checkers it is the string that it stands for.
    stand_in: Any = Symbol(Let(identifier(name), Computed(source)))
    result: str = stand_in
    return result
