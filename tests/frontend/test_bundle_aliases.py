"""What changes an object by another name of it comes along, too."""

from __future__ import annotations

import pytest
from projects import FLOW, Projects

STEP = '''

@flow.step
def run(state: list[object]) -> None:
    """Run."""
    state.extend([%s])
'''

REGISTRY = """
class Registry:
    shared = {}

    def __init__(self):
        self.own = []

    def add(self, thing):
        self.shared[thing.__name__] = thing
        self.own.append(thing)
        return thing

    def __call__(self, thing):
        self.own.append(thing)
        return thing

    def __iadd__(self, other):
        self.own.append(other)
        return self


class Sub(Registry): ...


main = Sub()
other = main


def get():
    return main
"""


@pytest.mark.parametrize(
    "statement",
    [
        "@reg.main.add\ndef one(): ...",
        "@main\ndef one(): ...",
        "main.own.append(1)",
        "other.own.append(1)",
        "other += 1",
        "get().add(len)",
        "@get().add\ndef one(): ...",
        "mine = get()\nmine.add(len)",
    ],
)
def test_instances_by_other_names(projects: Projects, statement: str) -> None:
    packed = projects.pack(
        {
            "reg.py": REGISTRY,
            "plug.py": f"import reg\nfrom reg import get, main, other\n\n{statement}\n"
            "\n\ndef unused(): ...\n",
            "workflow.py": f"{FLOW}import plug\nfrom reg import main\n"
            + STEP % "len(main.own)",
        },
        "run",
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [1]
    assert "unused" not in packed.names


@pytest.mark.parametrize(
    ("registry", "statement", "use"),
    [
        (REGISTRY, "@reg.main.add\ndef one(): ...", "len(reg.Registry.shared)"),
        (
            "def make():\n    items = []\n    return items, items.append\n\n\n"
            "ITEMS, add = make()\n",
            "reg.add(1)",
            "len(reg.ITEMS)",
        ),
        (
            "def make():\n    items = []\n\n    def add(x):\n"
            "        items.append(x)\n\n"
            "    return items, add\n\n\nITEMS, add = make()\n",
            "reg.add(1)",
            "len(reg.ITEMS)",
        ),
        (
            "class Box:\n    items = []\n\n    @staticmethod\n    def on(f):\n"
            "        Box.items.append(f)\n        return f\n\n\non = Box.on\n",
            "@reg.on\ndef one(): ...",
            "len(reg.Box.items)",
        ),
        (
            "hooks = {'a': []}\n\n\ndef hook(name):\n    return hooks[name].append\n",
            "reg.hook('a')(1)",
            "len(reg.hooks['a'])",
        ),
        (
            "CACHE = {}\n\n\ndef get(k, cache=CACHE):\n    cache[k] = 1\n",
            "reg.get('x')",
            "len(reg.CACHE)",
        ),
        (
            "CACHE = {}\n\n\nclass Conf:\n    data = CACHE\n\n\nconf = Conf()\n",
            "reg.conf.data['x'] = 1",
            "len(reg.CACHE)",
        ),
        (
            "CODES = {}\n",
            "from reg import CODES\n(lambda: CODES.update(a=1))()",
            "len(reg.CODES)",
        ),
    ],
)
def test_other_names(
    projects: Projects, registry: str, statement: str, use: str
) -> None:
    packed = projects.pack(
        {
            "reg.py": registry,
            "plug.py": f"import reg\n\n{statement}\n\n\ndef unused(): ...\n",
            "workflow.py": f"{FLOW}import plug\nimport reg\n" + STEP % use,
        },
        "run",
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [1]
    assert "unused" not in packed.names


def test_names_of_fields_are_no_types(projects: Projects) -> None:
    packed = projects.pack(
        {
            "workflow.py": f"{FLOW}import typing as t\n\n"
            'Rec = t.NamedTuple("Rec", [("a", int), ("b", "Rec | None")])\n'
            'TD = t.TypedDict("TD", {"k": "list[Rec]"}, total=False)\n'
            + STEP % "Rec(1, None).a, TD(k=[])",
        },
        "run",
    )
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [1, {"k": []}]
