"""What can't be copied exactly is refused, at its place, with what cures it."""

from __future__ import annotations

import pytest
from projects import FLOW, Projects

RUN = '''

@flow.step
def run(state: list[object]) -> None:
    """Run."""
'''

HELPERS = """
level = 1


def bump() -> int:
    global level
    level += 1
    return level


def plain(x: object) -> object:
    return x
"""


@pytest.mark.parametrize(
    ("code", "imports", "body", "place", "message"),
    [
        ("FLOW301", "", "missing(1)", "missing", "missing isn't defined"),
        ("FLOW301", "import h", "h.gone()", "h.gone", "h.gone isn't defined"),
        ("FLOW302", "import h", "print(h)", "h", "h is the module h, used as a value"),
        ("FLOW302", "import h", "getattr(h, 'a')", "h", "used as a value"),
        ("FLOW303", "", "other(state)", "other", "other would build a step here"),
        ("FLOW303", "", "x = [other]", "other", "write other.fn(state, ...)"),
        ("FLOW303", "", "made.run(state)", "made.run", "made is a part of a workflow"),
        ("FLOW304", "", "flow.do()", "flow.do", "flow.do builds workflows"),
        ("FLOW304", "", "print(flow)", "flow", "flow builds workflows"),
        ("FLOW305", "", "open(__file__)", "__file__", "__file__ belongs to a module"),
        ("FLOW305", "", "print(__doc__)", "__doc__", "__doc__ belongs to a module"),
        (
            "FLOW306",
            "from h import bump, level",
            "bump(), level",
            "level",
            "a copy made",
        ),
        ("FLOW307", "", "globals()['x']", "globals", "globals() reaches names"),
        ("FLOW307", "", "eval('other')", "eval", "eval() reaches names"),
        (
            "FLOW307",
            "from importlib import import_module",
            "import_module('h')",
            "import_module",
            "only known at run time",
        ),
        (
            "FLOW307",
            "import sys",
            "sys.modules['h']",
            "sys.modules",
            "looks modules up",
        ),
        (
            "FLOW308",
            "import h",
            "h.level = 2",
            "h.level",
            "h.level belongs to h",
        ),
        (
            "FLOW310",
            "",
            "from h import plain; plain = plain(1)",
            "plain",
            "bound otherwise too",
        ),
        (
            "FLOW310",
            "try:\n    from fast import quick\nexcept ImportError:\n    quick = None",
            "quick()",
            "quick",
            "whether fast can be imported may differ",
        ),
    ],
)
def test_refusals(
    projects: Projects, code: str, imports: str, body: str, place: str, message: str
) -> None:
    text = (
        f"{FLOW}{imports}\n\n"
        "@flow.step\ndef other(state: list[object]) -> None: ...\n\n"
        f"\nmade = other(){RUN}    {body}\n"
    )
    files = {"workflow.py": text, "h.py": HELPERS}
    files["fast.py"] = "import libcst\n\n\ndef quick() -> object:\n    return libcst\n"
    found = projects.refused(files, "run")
    assert {d.code for d in found} == {code}
    shown = f"{found[0].message} {found[0].hint}"
    assert message in shown
    assert found[0].hint
    span = found[0].span
    line = (projects.root / span.path).read_text().split("\n")[span.line - 1]
    assert line[span.column : span.end_column] == place


def test_all_findings_are_reported_at_once(projects: Projects) -> None:
    text = f"{FLOW}import h\n{RUN}    print(h, missing, __file__)\n    h.x = 1\n"
    found = projects.refused({"workflow.py": text, "h.py": HELPERS}, "run")
    assert [d.code for d in found] == ["FLOW302", "FLOW301", "FLOW305", "FLOW301"]


def test_a_decorator_above_ours(projects: Projects) -> None:
    text = (
        f"{FLOW}def mark(x: object) -> object:\n    return x\n\n\n@mark{RUN.strip()}\n"
    )
    text = text.replace("@mark@", "@mark\n@") + "    ...\n"
    found = projects.refused({"workflow.py": text}, "run")
    assert [d.code for d in found] == ["FLOW311"]


def test_a_root_that_is_not_there(projects: Projects) -> None:
    found = projects.refused({"workflow.py": f"{FLOW}x = 1\n"}, "y")
    assert [d.code for d in found] == ["FLOW301"]


def test_annotations_read_at_run_time(projects: Projects) -> None:
    files = {
        "models.py": "from dataclasses import dataclass, fields\n\n\n@dataclass\n"
        "class A:\n    x: int = 1\n\n\ndef kinds() -> list:\n"
        "    return [f.type for f in fields(A)]\n",
        "workflow.py": f"{FLOW}from models import kinds\n{RUN}    kinds()\n",
    }
    found = projects.refused(files, "run")
    assert [d.code for d in found] == ["FLOW312"]
    files["models.py"] = "from __future__ import annotations\n" + files["models.py"]
    assert projects.pack(files, "run").names == ["A", "kinds", "run"]


def test_an_order_that_cannot_be_kept(projects: Projects) -> None:
    files = {
        "base.py": "from late import NAME\n\n\nclass Base: ...\n",
        "late.py": "NAME = 1\n\nimport base\n\n\nclass Late(base.Base): ...\n",
        "workflow.py": f"{FLOW}import importlib\n\nimportlib.import_module('late')\n"
        f"from base import Base\nfrom late import Late\n{RUN}    Base(), Late()\n",
    }
    found = projects.refused(files, "run")
    assert [d.code for d in found] == ["FLOW313"]
    assert "base is needed before base defines it" in found[0].message


@pytest.mark.parametrize(
    ("use", "refused"),
    [
        ('"this" in sys.modules', False),
        ('sys.modules.get("json")', False),
        ('sys.modules["json"]', False),
        ('__import__("json").dumps({})', False),
        ('importlib.import_module("json").dumps({})', False),
        ('"workflow" in sys.modules', True),
        ('sys.modules["__main__"]', True),
        ("str(state) in sys.modules", True),
        ('__import__("workflow")', True),
    ],
)
def test_other_modules_by_name(projects: Projects, use: str, refused: bool) -> None:
    text = f"import importlib\nimport sys\n{RUN}    state.append({use})\n"
    files = {"workflow.py": FLOW + text}
    if refused:
        assert [d.code for d in projects.refused(files, "run")] == ["FLOW307"]
    else:
        projects.pack(files, "run", lint=False).run()["run"]([])


def test_imports_from_the_project_under_global(projects: Projects) -> None:
    files = {
        "late.py": "def name() -> str:\n    return 'late'\n",
        "workflow.py": f"{FLOW}def load() -> None:\n    global late\n    import late\n"
        f"{RUN}    load()\n    late.name()\n",
    }
    found = projects.refused(files, "run")
    assert [(d.code, d.span.line) for d in found] == [("FLOW310", 7)]
    assert "late is imported from the project here, under `global`" in found[0].message


def test_names_that_cannot_change(projects: Projects) -> None:
    files = {
        "a.py": "if 1:\n    import xml.dom\n\n\n"
        "def a() -> object:\n    return xml.dom\n",
        "workflow.py": f"{FLOW}from a import a\n\nxml = 1\n{RUN}    a(), xml\n",
    }
    found = projects.refused(files, "run")
    assert [(d.code, d.span.line) for d in found] == [("FLOW316", 1)]
    files = {
        "a.py": "_A__x = 1\n\n\nclass A:\n    def f(self) -> int:\n"
        "        return __x\n",
        "workflow.py": f"{FLOW}from a import A\n\n_A__x = 1\n{RUN}    A(), _A__x\n",
    }
    found = projects.refused(files, "run")
    assert [(d.code, d.span.line) for d in found] == [("FLOW316", 6)]


def test_modules_that_are_imported_dynamically(projects: Projects) -> None:
    files = {
        "core.py": "HANDLERS = {}\n",
        "plugins/__init__.py": "import importlib, pkgutil\n\n"
        "for found in pkgutil.iter_modules(__path__):\n"
        "    importlib.import_module(f'{__name__}.{found.name}')\n",
        "plugins/sms.py": "from core import HANDLERS\n\nHANDLERS['sms'] = print\n",
        "workflow.py": f"{FLOW}import plugins\nfrom core import HANDLERS\n{RUN}"
        "    state.append(HANDLERS)\n",
    }
    found = projects.refused(files, "run")
    assert [(d.code, d.span.line) for d in found] == [("FLOW307", 3)]
    assert "plugins.sms changes what steps use" in found[0].message


def test_source_that_is_missing(projects: Projects) -> None:
    from transpiler.diagnostics import TranspileError
    from transpiler.frontend.modules import author_module

    with pytest.raises(TranspileError) as caught:
        author_module("zipimport_that_is_missing")
    assert caught.value.diagnostics[0].code == "FLOW314"
    with pytest.raises(TranspileError) as caught:
        author_module("itertools")
    assert caught.value.diagnostics[0].code == "FLOW314"


def test_settings_that_are_no_list(projects: Projects) -> None:
    files = {
        "pyproject.toml": "[tool.flowc]\nfirst-party = 'x'\n",
        "workflow.py": f"{FLOW}{RUN}    ...\n",
    }
    found = projects.refused(files, "run")
    assert [d.code for d in found] == ["FLOW317"]
