"""Build workflows and print their scripts as JSON: a program, run by test_determinism.

    build_all.py CHECKOUT FORMATTED WORKFLOW...

CHECKOUT is where the workflows' paths begin; FORMATTED is what black made of texts.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

# Its own folder is no place to import from.
del sys.path[0]

import black  # noqa: E402  # only now: see above

import transpiler  # noqa: E402


def main() -> None:
    """Build them all."""
    checkout, formatted, *workflows = sys.argv[1:]
    assert Path(transpiler.__file__).is_relative_to(checkout), transpiler.__file__
    known: dict[str, str] = json.loads(Path(formatted).read_text(encoding="utf-8"))
    original = black.format_str

    def format_str(text: str, *, mode: black.Mode) -> str:
        return known[text] if text in known else original(text, mode=mode)

    black.format_str = format_str  # type: ignore[assignment]  # the same but faster
    scripts = {
        path: transpiler.transpile_file(Path(checkout) / path) for path in workflows
    }
    json.dump(scripts, sys.stdout)


main()
