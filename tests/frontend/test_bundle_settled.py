"""Of what is the same in every script, only the branch that is taken is copied."""

from __future__ import annotations

import libcst as cst
import pytest
from projects import FLOW, Packed, Projects

from transpiler.frontend.versions import is_settled

NAMES = {
    "sys.version_info": "sys.version_info",
    "version_info": "sys.version_info",
    "hexversion": "sys.hexversion",
    "PY2": "False",
}


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("sys.version_info >= (3, 11)", True),
        ("sys.version_info < (3, 8)", False),
        ("sys.version_info[0] == 2", False),
        ("sys.version_info.major > 2 and version_info[:2] >= (3, 9)", True),
        ("not PY2", True),
        ("hexversion < 0x03000000", False),
        ("sys.version_info > (3,)", True),
        ("sys.version_info >= (3, 12)", None),
        ("sys.version_info[1] > 11", None),
        ("version_info >= (3, 11, 5)", None),
        ("PY2 or sys.platform == 'win32'", None),
        ("sys.version_info >= oldest", None),
        ("sys.version_info in ((3, 7), (3, 8))", None),
        ("version", None),
    ],
)
def test_versions(test: str, expected: bool | None) -> None:
    assert is_settled(cst.parse_expression(test), NAMES) is expected


def pack(
    projects: Projects, compat: str, use: str, names: str = "*"
) -> tuple[Packed, list[object]]:
    step = f"\n\n@flow.step\ndef run(state: list[object]) -> None:\n    {use}\n"
    files = {
        "compat.py": compat,
        "workflow.py": f"{FLOW}from compat import {names}{step}",
    }
    packed = projects.pack(files, "run", lint=False)
    state: list[object] = []
    packed.run()["run"](state)
    return packed, state


def test_only_branches_that_are_taken(projects: Projects) -> None:
    compat = """
        import sys
        from sys import hexversion

        PY2 = sys.version_info[0] == 2

        # Names that moved.
        if hexversion < 0x03000000:
            from itertools import imap as map
        else:
            from functools import reduce

            def add(a, b):  # A function, too.
                return a + b

        if sys.version_info >= (3, 30):
            from warnings import later
        elif sys.version_info >= (3, 8):
            later = 1
        else:
            from typing_extensions import later
        if PY2:
            text = unicode
        elif sys.platform == "none":
            text = bytes
        else:
            text = str
    """
    use = "state.append(reduce(add, map(int, text('12')), later))"
    packed, state = pack(projects, compat, use)
    assert state == [4]
    assert sorted(packed.imports) == ["from functools import reduce", "import sys"]
    texts = [d.text for d in packed.bundle.definitions if d.name != "run"]
    assert texts == [
        "def add(a, b):  # A function, too.\n    return a + b",
        "if sys.version_info >= (3, 30):\n    from warnings import later\n"
        "else:\n    later = 1",
        'if sys.platform == "none":\n    text = bytes\nelse:\n    text = str',
    ]
    assert not packed.bundle.dependencies


def test_names_of_python_2(projects: Projects) -> None:
    compat = """
        try:
            basestring
        except NameError:
            basestring = str
        try:
            text = unicode
        except NameError:
            # Python 3.
            text = str
        try:
            input = raw_input
        except NameError:
            pass
    """
    use = "state.append((basestring, text, callable(input)))"
    packed, state = pack(projects, compat, use)
    assert state == [(str, str, True)]
    texts = [d.text for d in packed.bundle.definitions if d.name != "run"]
    assert texts == ["basestring = str", "# Python 3.\ntext = str"]


def test_a_builtin_below_a_name_that_is_bound_under_a_condition(
    projects: Projects,
) -> None:
    compat = """
        import sys

        try:
            from itertools import ifilter as filter
        except ImportError:
            pass
        if sys.platform == "none":
            open = None

        def both(x):
            return list(filter(None, x)), open
    """
    use = "state.append((both([0, 1]) == ([1], open), [*filter(None, [0, 1])]))"
    packed, state = pack(projects, compat, use, "both")
    assert state == [(True, [1])]
    assert "filter_2 = filter\ntry:\n" in packed.script


def test_what_only_type_checkers_see_of_a_condition(projects: Projects) -> None:
    packed = projects.pack(
        {
            "models.py": "import shapes\n\n\nclass Model: ...\n",
            "shapes.py": "from typing import TYPE_CHECKING, Any\n\n"
            "if TYPE_CHECKING:\n    from typing_extensions import override\n"
            "    from models import Model\n    Shape = list[Model]\n"
            "else:\n    Shape = list\n\n"
            "    def override(method): return method\n\n\n"
            "@override\ndef shape() -> Shape:\n    return Shape()\n",
            "workflow.py": f"{FLOW}import models\nfrom shapes import shape\n\n\n"
            "@flow.step\ndef run(state: list[object]) -> None:\n"
            "    state.append(shape())\n",
        },
        "run",
        lint=False,
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [[]]
    assert packed.bundle.dependencies == ()
    checked = {d.name: d.type_checking for d in packed.bundle.definitions}
    assert checked["Model"]


def test_the_docstring_of_a_class_in_its_body(projects: Projects) -> None:
    compat = """
        class Kind:
            \"\"\"A kind.\"\"\"

            __doc__ += " More."
            about = __doc__, __qualname__
    """
    _, state = pack(projects, compat, "state.append(Kind.about)")
    assert state == [("A kind. More.", "Kind")]
