"""Bundling of several modules: circular imports, packages and names."""

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


def test_circular_imports_inside_functions(projects: Projects) -> None:
    packed = projects.pack(
        {
            "models.py": "class Base:\n    x = 1\n\n\ndef load() -> 'Base':\n"
            '    """Load."""\n'
            "    # Not at the top: they import each other.\n"
            "    from store import find, json as js\n"
            "    import os, store\n\n"
            "    find(js.dumps(os.sep))\n"
            "    return store.Stored()\n",
            "store.py": "import json\n\nfrom models import Base\n\n\n"
            "class Stored(Base):\n    pass\n\n\ndef find(x: str) -> str:\n"
            "    return x\n",
            "workflow.py": workflow("from models import load", "state += [load()]"),
        },
        "run",
    )
    assert packed.names == ["Base", "load", "run", "Stored", "find"]
    assert packed.imports == ["import json"]
    assert packed.text("load") == (
        "def load() -> 'Base':\n"
        '    """Load."""\n'
        "    import os\n\n"
        "    find(json.dumps(os.sep))\n"
        "    return Stored()"
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert type(state[0]).__name__ == "Stored"


def test_an_import_inside_a_function_comes_before_what_uses_it(
    projects: Projects,
) -> None:
    packed = projects.pack(
        {
            "table.py": "def rows() -> list[int]:\n    return [1]\n",
            "workflow.py": workflow(
                "",
                "state += SIZES",
                "\n\ndef sizes() -> list[int]:\n    from table import rows\n\n"
                "    return rows()\n\n\nSIZES = sizes()\n",
            ),
        },
        "run",
    )
    assert packed.names == ["rows", "sizes", "SIZES", "run"]
    assert packed.text("sizes") == "def sizes() -> list[int]:\n    return rows()"
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [1]


def test_type_checking_imports(projects: Projects) -> None:
    packed = projects.pack(
        {
            "models.py": "from dataclasses import dataclass\n"
            "from helpers import PORT\n\n\n"
            '@dataclass\nclass Server:\n    name: str\n\n    text = """\nkept\n"""\n'
            "    port: int = PORT\n",
            "helpers.py": "PORT = 1\n",
            "workflow.py": workflow(
                "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
                "    from collections.abc import Iterator\n\n"
                "    from models import Server\n\n"
                "    # A pair.\n    Pair = tuple[Server, Server]\n    UNUSED = int\n",
                "list(pairs(state))",
                "\n\ndef pairs(x: object) -> 'Iterator[Pair]':\n    yield x\n",
            ),
        },
        "run",
    )
    assert packed.imports == [
        "from collections.abc import Iterator",
        "from dataclasses import dataclass",
        "from typing import TYPE_CHECKING",
    ]
    flags = {i.bound: i.type_checking for i in packed.bundle.imports}
    assert flags == {"Iterator": True, "dataclass": True, "TYPE_CHECKING": False}
    assert packed.bundle.definitions[0].type_checking
    assert packed.bundle.definitions[0].text == (
        "if TYPE_CHECKING:\n    PORT = 1\n\n    @dataclass\n    class Server:\n"
        '        name: str\n\n        text = """\nkept\n"""\n        port: int = PORT'
        "\n\n    # A pair.\n    Pair = tuple[Server, Server]"
    )
    assert packed.names == ["PORT", "pairs", "run"]
    packed.run()["run"]([])


def test_conditional_imports_stay(projects: Projects) -> None:
    packed = projects.pack(
        {
            "workflow.py": workflow(
                "import sys\n\ntry:\n    import yaml_that_is_missing as yaml\n"
                "except ImportError:\n    yaml = None\n\n"
                "if sys.platform != 'none':\n    import tomllib\n"
                "else:\n    import tomli as tomllib\n",
                "state += [yaml, tomllib.loads('a = 1')]",
            ),
        },
        "run",
    )
    assert packed.imports == ["import sys"]
    assert packed.names == ["yaml", "tomllib", "run"]
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [None, {"a": 1}]
    assert packed.bundle.dependencies == ()


def test_conditional_imports_from_the_project(projects: Projects) -> None:
    packed = projects.pack(
        {
            "slow.py": "def dumps(x: object) -> str:\n    return f'slow {x}'\n",
            "workflow.py": workflow(
                "try:\n    from orjson_that_is_missing import dumps\n"
                "except ImportError:\n    # Good enough.\n    from slow import dumps\n",
                "state.append(dumps(1))",
            ),
        },
        "run",
    )
    assert packed.names == ["dumps_2", "dumps", "run"]
    assert packed.text("dumps") == (
        "try:\n    from orjson_that_is_missing import dumps\n"
        "except ImportError:\n    # Good enough.\n    dumps = dumps_2"
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert state == ["slow 1"]


def test_a_name_bound_by_an_import_and_otherwise(projects: Projects) -> None:
    packed = projects.pack(
        {
            "config.py": "LEVEL = 1\n",
            "workflow.py": workflow(
                "from config import LEVEL\nfrom json import dumps\nimport config",
                "state += [LEVEL, config.LEVEL, dumps(1)]",
                "LEVEL = LEVEL + 1\n_json = dumps\n\n\n"
                "def dumps(x: object) -> str:\n    return _json([x])\n",
            ),
        },
        "run",
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [2, 1, "[1]"]
    assert packed.text("LEVEL") == "LEVEL = LEVEL_2\n\nLEVEL = LEVEL + 1"


def test_namespace_packages(projects: Projects) -> None:
    packed = projects.pack(
        {
            "space/a.py": "X = 1\n",
            "space/inner/b.py": "from ..a import X\n\nY = X + 1\n",
            "workflow.py": workflow(
                "import space.inner.b\nfrom space import a",
                "state += [space.inner.b.Y, a.X]",
            ),
        },
        "run",
    )
    assert packed.names == ["X", "Y", "run"]
    assert packed.text("run").endswith("state += [Y, X]")


def test_an_import_inside_a_function_that_is_called_at_once(
    projects: Projects,
) -> None:
    packed = projects.pack(
        {
            "base.py": "def kind() -> type:\n    from late import Late\n\n"
            "    return Late\n\n\nclass Base: ...\n\n\nKIND = [kind][0]()\n\n\n"
            "class Last(KIND): ...\n",
            "late.py": "from base import Base\n\n\nclass Late(Base): ...\n",
            "workflow.py": workflow("from base import Last", "state += [Last()]"),
        },
        "run",
    )
    assert packed.names == ["kind", "Base", "Late", "KIND", "Last", "run"]
    packed.run()["run"]([])


def test_a_star_import_of_what_came_from_here(projects: Projects) -> None:
    packed = projects.pack(
        {
            "tools/__init__.py": "from tools.misc import *\nfrom tools.sets import *\n"
            "from tools.more import *\n",
            "tools/misc.py": "def groups():\n    return 'groups'\n",
            "tools/sets.py": "from tools import groups\n\n\ndef union():\n"
            "    return groups()\n",
            "tools/more/__init__.py": "from tools.more.inner import *\n"
            "from tools import *\n",
            "tools/more/inner.py": "def weight():\n    return 'weight'\n",
            "workflow.py": workflow(
                "import tools\n\n",
                "state += [tools.groups(), tools.union(), tools.inner.weight()]",
            ),
        },
        "run",
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert state == ["groups", "groups", "weight"]
    assert packed.names == ["groups", "union", "weight", "run"]
