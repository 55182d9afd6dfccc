"""The constants of the author's modules, found by what they hold."""

from __future__ import annotations

import sys

from transpiler.capture.files import source_file
from transpiler.frontend.literals import is_local
from transpiler.interpret.arguments import is_changeable


def constant_of(value: object) -> tuple[str, str] | None:
    """Return the module and the name of the constant that holds just this object.

    What a local variable holds is written out, but a secret can't be: where the author
    keeps it in a constant, the script reads it there. What a step could change is no
    constant.
    """
    if is_changeable(value):
        return None
    for module, loaded in sorted(sys.modules.items()):
        path = getattr(loaded, "__file__", None)
        if module == "__main__" or not path or not is_local(module):
            continue
        file = source_file(path)
        for name in file.values if file else ():
            if vars(loaded).get(name) is value:
                return module, name
    return None
