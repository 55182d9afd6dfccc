"""Bundling from several modules: imports of every kind, collisions, order."""

from __future__ import annotations

from projects import FLOW, Projects

STEP = '''

@flow.step
def run(state: list[object]) -> None:
    """Run."""
'''


def workflow(imports: str, body: str, top: str = "") -> str:
    """Write a workflow module with one step."""
    return f"{FLOW}{imports}\n{top}{STEP}    {body}\n"


def test_absolute_relative_aliased_and_star_imports(projects: Projects) -> None:
    packed = projects.pack(
        {
            "shop/__init__.py": "",
            "shop/prices.py": "VAT = 20\nOTHER = 1\n\n\ndef gross(x: int) -> int:\n"
            "    return x + VAT\n",
            "shop/names.py": "__all__ = ['first', '_second']\n\nfirst = 'a'\n"
            "_second = 'b'\nthird = 'c'\n",
            "shop/deep/__init__.py": "from ..prices import VAT as tax\n"
            "from . import inner\n",
            "shop/deep/inner.py": "from shop import prices\n\n\ndef twice() -> int:\n"
            "    return prices.gross(1) * 2\n",
            "shop/workflow.py": FLOW
            + """
import shop.prices
import shop.deep.inner as i
from . import deep, prices as p
from .deep import tax
from .names import *
from .prices import gross as brutto


@flow.step
def run(state: list[object]) -> None:
    state += [shop.prices.VAT, p.gross(2), tax, brutto(3), first, _second]
    state += [i.twice(), deep.inner.twice(), deep.tax]
""",
        },
        "run",
        entry="shop.workflow",
    )
    assert packed.imports == []
    assert packed.names == ["VAT", "gross", "twice", "first", "_second", "run"]
    assert packed.text("run").endswith(
        "    state += [VAT, gross(2), VAT, gross(3), first, _second]\n"
        "    state += [twice(), twice(), VAT]"
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [20, 22, 20, 23, "a", "b", 42, 42, 20]


def test_a_package_that_reexports(projects: Projects) -> None:
    packed = projects.pack(
        {
            "lib/__init__.py": "from lib._impl import *\n"
            "from lib._impl import _hidden\n",
            "lib/_impl.py": "import json as _json\n\n\ndef dump(x: object) -> str:\n"
            "    return _json.dumps(x)\n\n\n"
            "def _hidden() -> str:\n    return dump(1)\n",
            "workflow.py": workflow(
                "import lib\nfrom lib import dump",
                "state += [dump(1), lib.dump(2), lib._hidden()]",
            ),
        },
        "run",
    )
    assert packed.imports == ["import json as _json"]
    assert packed.text("run").endswith("state += [dump(1), dump(2), _hidden()]")


def test_external_names_through_modules_of_the_project(projects: Projects) -> None:
    packed = projects.pack(
        {
            "helpers.py": "import json\nfrom os import *\n"
            "from os.path import join as j\n",
            "workflow.py": workflow(
                "import helpers as h\nfrom helpers import json as js, getcwd",
                "state += [h.json.dumps(1), js.loads('1'), h.sep, h.j('a'), getcwd()]",
            ),
        },
        "run",
    )
    assert packed.imports == [
        "import json",
        "from os import getcwd",
        "from os import sep",
        "from os.path import join as j",
    ]
    assert packed.text("run").endswith(
        "state += [json.dumps(1), json.loads('1'), sep, j('a'), getcwd()]"
    )


def test_collisions_are_resolved_in_every_reference(projects: Projects) -> None:
    files = {
        "a.py": '''
            from __future__ import annotations

            from typing import Optional, cast

            LIMIT = 1


            class Node:
                """A node."""

                next: "Optional[Node]" = None

                def clone(self) -> Node:
                    return cast("Node", Node())


            def size(node: "Node", limit: int = LIMIT) -> int:
                global LIMIT
                LIMIT += 1
                text = f"{LIMIT=} {LIMIT:>3}"
                return len([Node for Node in text]) + limit
            ''',
        "workflow.py": workflow(
            "import a",
            "state += [LIMIT, a.size(a.Node()), Node, size()]",
            "LIMIT = 10\nNode = 'mine'\n\n\ndef size() -> int:\n    return LIMIT\n",
        ),
    }
    packed = projects.pack(files, "run")
    assert packed.names == [
        "LIMIT_2",
        "Node_2",
        "size_2",
        "LIMIT",
        "Node",
        "size",
        "run",
    ]
    assert packed.text("Node_2") == '''class Node_2:
    """A node."""

    next: "Optional[Node_2]" = None

    def clone(self) -> Node_2:
        return cast("Node_2", Node_2())'''
    assert (
        packed.text("size_2")
        == """def size_2(node: "Node_2", limit: int = LIMIT_2) -> int:
    global LIMIT_2
    LIMIT_2 += 1
    text = f"LIMIT={LIMIT_2!r} {LIMIT_2:>3}"
    return len([Node for Node in text]) + limit"""
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [10, len("LIMIT=2   2") + 1, "mine", 10]
    assert packed.bundle.names["a", "LIMIT"] == "LIMIT_2"
    assert packed.bundle.names["workflow", "a.size"] == "size_2"


def test_an_unrelated_edit_renames_nothing(projects: Projects) -> None:
    files = {
        "a.py": "def f() -> int:\n    return 1\n",
        "b.py": "def f() -> int:\n    return 2\n",
        "workflow.py": workflow("import a\nimport b", "state += [a.f(), b.f()]"),
    }
    before = projects.pack(files, "run")
    files["b.py"] += "\n\ndef g() -> int:\n    return f()\n"
    files["workflow.py"] = workflow(
        "import b\nimport a", "state += [a.f(), b.f(), b.g()]"
    )
    after = projects.pack(files, "run")
    names = [("workflow", "a.f"), ("workflow", "b.f")]
    assert [before.bundle.names[n] for n in names] == ["f", "f_2"]
    assert [after.bundle.names[n] for n in names] == ["f", "f_2"]


def test_a_parameter_does_not_capture_what_a_module_offers(projects: Projects) -> None:
    packed = projects.pack(
        {
            "h.py": "def size(x: int) -> int:\n    return x * 2\n",
            "workflow.py": workflow(
                "import h",
                "state.append(double(2))",
                "\n\ndef double(size: int) -> int:\n    return h.size(size)\n",
            ),
        },
        "run",
    )
    assert packed.text("double") == (
        "def double(size: int) -> int:\n    return size_2(size)"
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [4]


def test_a_definition_does_not_hide_a_builtin_that_others_use(
    projects: Projects,
) -> None:
    packed = projects.pack(
        {
            "a.py": "def filter(x: int) -> int:\n    return x\n",
            "workflow.py": workflow(
                "from a import filter as f",
                "state += [f(1), *filter(None, [0, 1])]",
            ),
        },
        "run",
    )
    assert packed.text("run").endswith("state += [filter_2(1), *filter(None, [0, 1])]")


def test_imports_that_collide(projects: Projects) -> None:
    packed = projects.pack(
        {
            "a.py": "from json import loads\nfrom pickle import dumps as dump\n\n\n"
            "def a() -> object:\n    return loads('1'), dump(1)\n",
            "b.py": "from pickle import loads\nimport json as dump\n\n\n"
            "def b() -> object:\n    return loads(b''), dump.dumps(1)\n",
            "workflow.py": workflow("from a import a\nfrom b import b", "a(), b()"),
        },
        "run",
    )
    assert packed.imports == [
        "import json as dump_2",
        "from json import loads",
        "from pickle import dumps as dump",
        "from pickle import loads as loads_2",
    ]
    assert "return loads('1'), dump(1)" in packed.text("a")
    assert "return loads_2(b''), dump_2.dumps(1)" in packed.text("b")


def test_a_logger_per_module_is_one_in_the_script(projects: Projects) -> None:
    log = "import logging\n\nlog = logging.getLogger(__name__)\n"
    packed = projects.pack(
        {
            "a.py": f"{log}\n\ndef a() -> None:\n    log.info('a')\n",
            "workflow.py": workflow(f"import a\n{log}", "a.a(), log.info('run')"),
        },
        "run",
    )
    assert packed.names == ["log", "a", "run"]
    assert packed.text("log") == "log = logging.getLogger(__name__)"
    assert packed.bundle.names["workflow", "log"] == "log"
    assert packed.bundle.names["a", "log"] == "log"


def test_type_variables(projects: Projects) -> None:
    var = "from typing import TypeVar\n\nT = TypeVar('T')\n"
    packed = projects.pack(
        {
            "a.py": f"{var}\n\ndef a(x: T) -> T:\n    return x\n",
            "b.py": "from typing import TypeVar\n\nT = TypeVar('T', bound='C')\n\n\n"
            "class C: ...\n\n\ndef b(x: T) -> T:\n    return x\n",
            "workflow.py": workflow(
                f"import a\nimport b\n{var}",
                "a.a(c(b.b(b.C())))",
                "\n\ndef c(x: T) -> T:\n    return x\n",
            ),
        },
        "run",
    )
    assert packed.names == ["T", "a", "T_2", "C", "b", "c", "run"]
    assert packed.text("T_2") == "T_2 = TypeVar('T_2', bound='C')"
    assert packed.text("b") == "def b(x: T_2) -> T_2:\n    return x"


def test_name_of_the_module(projects: Projects) -> None:
    packed = projects.pack(
        {
            "shop/__init__.py": "",
            "shop/a.py": "import logging\n\nPREFIX = __name__ + '.x'\n"
            "log = logging.getLogger(__name__)\n\n\ndef where() -> str:\n"
            '    log.info(PREFIX)\n    return f"{__name__}/{PREFIX}"\n',
            "workflow.py": workflow("from shop.a import where", "state += [where()]"),
        },
        "run",
    )
    assert packed.text("PREFIX") == "PREFIX = \"shop.a\" + '.x'"
    state: list[object] = []
    packed.run()["run"](state)
    assert state == ["shop.a/shop.a.x"]


def test_circular_imports(projects: Projects) -> None:
    packed = projects.pack(
        {
            "a.py": "BASE = 1\n\n\nclass A:\n    pass\n\n\nimport b\n\n\n"
            "def make() -> 'b.B':\n    return b.B()\n\n\nLAST = b.MIDDLE + 1\n",
            "b.py": "import a\n\nMIDDLE = a.BASE + 1\n\n\nclass B(a.A):\n"
            "    def again(self) -> 'B':\n        return a.make()\n",
            "workflow.py": workflow("import a", "state += [a.LAST, a.make().again()]"),
        },
        "run",
    )
    assert packed.names == ["BASE", "A", "MIDDLE", "B", "make", "LAST", "run"]
    state: list[object] = []
    packed.run()["run"](state)
    assert state[0] == 3
    assert type(state[1]).__name__ == "B"


STARRED = """
    import os

    from base import *

    APPS += ["b"]
    LEVEL = LEVEL + 1
    if os.name == "none":
        ZONE = "c"
    NAME = "mine"
"""


def test_names_of_a_star_import_that_are_bound_anew(projects: Projects) -> None:
    packed = projects.pack(
        {
            "base.py": "import os\n\nAPPS = ['a']\nLEVEL = 1\nZONE = os.name and 'z'\n"
            "NAME = 'base'\n",
            "settings.py": STARRED,
            "workflow.py": f"{FLOW}import base\nfrom settings import *\n\n"
            "@flow.step\ndef run(state: list[object]) -> None:\n"
            '    """Run."""\n'
            "    state.extend([APPS, LEVEL, ZONE, NAME, base.LEVEL, base.NAME])\n",
        },
        "run",
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [["a", "b"], 2, "z", "mine", 1, "base"]
    assert packed.imports == ["import os"]


def test_what_is_not_called_imports_nothing(projects: Projects) -> None:
    packed = projects.pack(
        {
            "base.py": "def kind() -> type:\n    from late import Late\n\n"
            "    return Late\n\n\ndef same(x: object) -> object:\n    return x\n\n\n"
            "KIND = same(kind)\n\n\nclass Base: ...\n",
            "late.py": "from base import Base\n\n\nclass Late(Base): ...\n",
            "workflow.py": f"{FLOW}from base import KIND\n\n\n@flow.step\n"
            "def run(state: list[object]) -> None:\n    state.append(KIND())\n",
        },
        "run",
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert [getattr(kind, "__name__", "") for kind in state] == ["Late"]
    assert packed.names == ["kind", "same", "KIND", "Base", "run", "Late"]


def test_imports_under_global(projects: Projects) -> None:
    packed = projects.pack(
        {
            "lazy.py": "def load():\n    global js\n    import json as js\n\n\n"
            "def dump(x):\n    load()\n    return js.dumps(x)\n",
            "workflow.py": f"{FLOW}from lazy import dump\n\njs = 1\n\n\n@flow.step\n"
            "def run(state: list[object]) -> None:\n    state.append(dump(js))\n",
        },
        "run",
        lint=False,
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert state == ["1"]
    assert "global js_2\n    import json as js_2" in packed.script
