"""What runs while modules are imported comes along if it changes something reached.

Registries are filled in many ways: by methods, by functions that call each other,
through other names, by operators, by the making of an instance or of a subclass.
"""

from __future__ import annotations

import importlib
import sys

import pytest
from filled_by_classes import CASES as BY_CLASSES
from filled_by_functions import CASES as BY_FUNCTIONS
from filled_by_methods import CASES as BY_METHODS
from projects import FLOW, Projects

STEP = '''

@flow.step
def run(state: list[object]) -> None:
    """Run."""
    state.append(%s)
'''

CASES = {**BY_METHODS, **BY_FUNCTIONS, **BY_CLASSES}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("where", ["in its own module", "in another"])
def test_what_changes_something_comes_along(
    projects: Projects, name: str, where: str
) -> None:
    module, statement, use = CASES[name]
    unused = "\n\n\ndef unused(): ...\n"
    if where == "in another":
        files = {"reg.py": module, "plug.py": f"from reg import *\n{statement}{unused}"}
        imports = "import plug\nimport reg\nfrom reg import *\n"
    else:
        files = {"reg.py": f"{module}\n{statement}{unused}"}
        imports = "import reg\nfrom reg import *\n"
    files["workflow.py"] = FLOW + imports + STEP % use
    packed = projects.pack(files, "run", lint=False)
    state: list[object] = []
    packed.run()["run"](state)
    with projects.imported():
        importlib.import_module("workflow")
        expected: list[object] = []
        sys.modules["workflow"].run.fn(expected)
    assert state == expected
    assert "unused" not in packed.names
