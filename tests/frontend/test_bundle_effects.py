"""Statements that set up what others use come along; other effects don't."""

from __future__ import annotations

import pytest
from projects import FLOW, Projects

STEP = '''

@flow.step
def run(state: list[object]) -> None:
    """Run."""
    state.append(%s)
'''


def one(projects: Projects, text: str, use: str, imports: str = "") -> list[str]:
    """Bundle a module with one step and return the names or texts that came along."""
    packed = projects.pack({"workflow.py": FLOW + imports + text + STEP % use}, "run")
    packed.run()
    texts = [d.text for d in packed.bundle.definitions if d.name != "run"]
    return [text.splitlines()[0] for text in texts]


@pytest.mark.parametrize(
    "statement",
    [
        'REGISTRY["x"] = int',
        "REGISTRY.update(x=int)",
        'REGISTRY.setdefault("x", int)',
        'REGISTRY |= {"x": int}',
        "fill(int)",
        "added = fill(int)",
        "for kind in (int, str):\n    fill(kind)",
        "for kind in (int, str):\n    REGISTRY[kind.__name__] = kind",
        "with suppress(KeyError):\n    del REGISTRY['y']",
        "if not REGISTRY:\n    REGISTRY['z'] = int",
        "@keep\ndef kept() -> None: ...",
        "@keep\nclass Kept: ...",
        "@named('n')\ndef kept() -> None: ...",
        "@partial(REGISTRY.setdefault, 'k')\ndef kept() -> None: ...",
        "Maker('x')",
        "class Late(Counted): ...",
        "class Later(Middle): ...",
        "reset()",
    ],
)
def test_what_fills_a_registry_comes_along(projects: Projects, statement: str) -> None:
    text = f"""
REGISTRY: dict[object, object] = {{"y": 0}}


def fill(kind: type) -> None:
    REGISTRY[kind.__name__] = kind


def reset() -> None:
    global REGISTRY
    REGISTRY = dict(REGISTRY)


def keep(thing):
    fill(thing)
    return thing


def named(name):
    def decorate(thing):
        REGISTRY[name] = thing
        return thing

    return decorate


class Maker:
    def __init__(self, name: str) -> None:
        REGISTRY[name] = self


class Counted:
    def __init_subclass__(cls) -> None:
        REGISTRY[cls.__name__] = cls


class Middle(Counted): ...


OTHER = []


def unrelated(thing) -> None:
    OTHER.append(thing)


{statement}
unrelated(REGISTRY)
OTHER.append(REGISTRY)
print(REGISTRY)
log = logging.getLogger(__name__)
log.info("%s", REGISTRY)
logging.basicConfig(level=logging.INFO)
copy = REGISTRY.copy()
size = len(REGISTRY)
"""
    imports = "import logging\nfrom contextlib import suppress\n"
    imports += "from functools import partial\n"
    found = one(projects, text, "REGISTRY", imports)
    first = statement.splitlines()[0]
    assert first in found
    assert not any(word in line for line in found for word in ("OTHER", "print", "log"))
    assert "copy = REGISTRY.copy()" not in found
    assert "size = len(REGISTRY)" not in found


def test_registries_filled_by_other_modules(projects: Projects) -> None:
    packed = projects.pack(
        {
            "core.py": "HANDLERS = {}\n\n\ndef handles(name):\n"
            "    def decorate(function):\n        HANDLERS[name] = function\n"
            "        return function\n\n    return decorate\n",
            "plugins/__init__.py": "from . import email, sms\n",
            "plugins/email.py": "from core import handles\n\nSENDER = 'me'\n\n\n"
            "@handles('email')\ndef send(to):\n    return f'{SENDER} to {to}'\n",
            "plugins/sms.py": "import core\n\n\n@core.handles('sms')\ndef send(to):\n"
            "    return f'sms {to}'\n\n\ndef unused(): ...\n",
            "workflow.py": f"{FLOW}import plugins\nfrom core import HANDLERS\n"
            + STEP % "[HANDLERS[k]('x') for k in HANDLERS]",
        },
        "run",
    )
    assert packed.names == ["HANDLERS", "handles", "SENDER", "send", "send_2", "run"]
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [["me to x", "sms x"]]


def test_nothing_comes_for_a_registry_that_is_not_reached(projects: Projects) -> None:
    text = """
HANDLERS = {}


def handles(function):
    HANDLERS[function.__name__] = function
    return function


@handles
def first(): ...


@handles
def second(): ...
"""
    assert one(projects, text, "1") == []


def test_classes_and_functions_that_are_changed_from_outside(
    projects: Projects,
) -> None:
    text = """
class Shape: ...


class Other: ...


SHAPES = [1, 2]
OTHERS = [1, 2]


def describe(cls):
    cls.described = True


describe(Shape)
describe(Other)
Shape.sides = 4
Other.sides = 5
setattr(Shape, "x", 1)
for cls in (Shape, Other):
    cls.seen = True


@functools.singledispatch
def area(shape): ...


@area.register
def _(shape: Shape):
    return 1


@area.register(int)
def _(shape):
    return 2


random.shuffle(SHAPES)
random.shuffle(OTHERS)
collections.abc.Sized.register(Shape)
"""
    imports = "import collections.abc\nimport functools\nimport random\n"
    found = one(projects, text, "(Shape, area, SHAPES)", imports)
    assert found == [
        "class Shape: ...",
        "class Other: ...",
        "SHAPES = [1, 2]",
        "def describe(cls):",
        "describe(Shape)",
        "describe(Other)",
        "Shape.sides = 4",
        "Other.sides = 5",
        'setattr(Shape, "x", 1)',
        "for cls in (Shape, Other):",
        "@functools.singledispatch",
        "@area.register",
        "@area.register(int)",
        "random.shuffle(SHAPES)",
        "collections.abc.Sized.register(Shape)",
    ]


def test_settings_of_the_process(projects: Projects) -> None:
    text = """
random.seed(1)
getcontext().prec = 5
os.environ.setdefault("TZ", "UTC")
os.environ["LC_ALL"] = "C"
sys.path.insert(0, "lib")
warnings.simplefilter("ignore")
logging.getLogger("urllib3").setLevel(logging.ERROR)
print("hello")
signal.signal(signal.SIGTERM, signal.SIG_DFL)


@atexit.register
def goodbye() -> None: ...


if __name__ == "__main__":
    VALUE = 2
VALUE = 1
"""
    imports = (
        "import atexit\nimport logging\nimport os\nimport random\nimport signal\n"
        "import sys\nimport warnings\nfrom decimal import getcontext\n"
    )
    assert one(projects, text, "VALUE", imports) == [
        "random.seed(1)",
        "getcontext().prec = 5",
        'os.environ.setdefault("TZ", "UTC")',
        'os.environ["LC_ALL"] = "C"',
        "signal.signal(signal.SIGTERM, signal.SIG_DFL)",
        "@atexit.register",
        "VALUE = 1",
    ]


def test_logger_configuration_of_a_reached_logger(projects: Projects) -> None:
    text = """
log = logging.getLogger("shop")
log.addHandler(logging.NullHandler())
log.setLevel("INFO")
log.warning("imported")
"""
    assert one(projects, text, "log", "import logging\n") == [
        'log = logging.getLogger("shop")',
        "log.addHandler(logging.NullHandler())",
        'log.setLevel("INFO")',
    ]


def test_loop_variables_bring_nothing_else(projects: Projects) -> None:
    text = """
TABLE = {}
OTHER = {}
for key in "ab":
    TABLE[key] = key
for key in "cd":
    OTHER[key] = key
del key
"""
    assert one(projects, text, "TABLE") == ["TABLE = {}", 'for key in "ab":']


def test_a_statement_of_several_names_comes_whole(projects: Projects) -> None:
    text = """
def pair():
    return 1, 2


first, second = pair()
third = fourth = 3
if first:
    kind = "one"
else:
    kind = "two"
"""
    assert one(projects, text, "(second, third, kind)") == [
        "def pair():",
        "first, second = pair()",
        "third = fourth = 3",
        "if first:",
    ]


def test_building_a_workflow_fills_nothing(projects: Projects) -> None:
    text = """
SEEN = []


@flow.step
def see(state: list[object]) -> None:
    SEEN.append(state)


def twice() -> flow.Step[list[object]]:
    return flow.do(see(), see())


both = flow.do(see(), twice())
see()
"""
    assert one(projects, text, "(SEEN, see.fn(state))") == [
        "SEEN = []",
        "def see(state: list[object]) -> None:",
    ]


def test_other_names_of_a_registry(projects: Projects) -> None:
    packed = projects.pack(
        {
            "core.py": "HANDLERS = {'a': {}}\n",
            "workflow.py": f"{FLOW}import core\nfrom core import HANDLERS as h\n\n"
            "mine = core.HANDLERS['a']\nmine['x'] = 1\nyours = {}\nyours['x'] = 1\n"
            + STEP % "h",
        },
        "run",
    )
    assert packed.names == ["HANDLERS", "mine", "", "run"]
    state: list[object] = []
    packed.run()["run"](state)
    assert state == [{"a": {"x": 1}}]
