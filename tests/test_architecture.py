"""The house stays habitable: one-way imports, short files, templates that are plain."""

from __future__ import annotations

import ast
import inspect
import typing
from collections.abc import Iterator
from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes as jinja

from support.cases import ROOT
from transpiler.emit.templates import environment, template_name
from transpiler.script import model

PACKAGE = ROOT / "transpiler"
TEMPLATES = ROOT / "templates"

LEVELS: tuple[tuple[str, ...], ...] = (
    # Know nothing of workflows.
    ("source", "resources", "script", "values", "trace"),
    ("diagnostics",),
    # What the author said, how it is caught, and what it means.
    ("ir",),
    ("capture",),
    ("interpret",),
    ("flow",),
    # From the author's file to a script.
    ("frontend",),
    ("passes",),
    ("lowering", "emit", "lint"),
    ("targets",),
    ("pipeline",),
    # Holds scripts against workflows.
    ("api", "verify"),
    # Around it: files, settings, the command line.
    ("config", "outputs", "reporting", "states"),
    ("verifying",),
    ("building",),
    ("commands",),
    ("cli",),
    ("__main__", "__init__"),
)
"""A package imports only those above it in this list, never a neighbour."""

LONGEST = 400
TABLE_OF_CONTENTS = 100
ONE_PAGE = {
    "transpiler/ir/nodes.py": "all nodes stand on one page (DESIGN, section 2)",
    "tests/types/accept_combinators.py": "a list: a function for each combinator",
    "tests/types/reject.py": "a list: a line for each mistake",
}

SOURCES = sorted(
    path
    for path in (*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"))
    # A script is one file, however large its workflow's project is.
    if path.name != "expected.py"
)
TEMPLATE_FILES = sorted(TEMPLATES.glob("*.jinja"))


def test_every_package_has_a_rank() -> None:
    found = {_package(path) for path in PACKAGE.rglob("*.py")}
    assert found - set(_RANKS) == set(), "give it a place in LEVELS"


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE))
)
def test_imports_point_one_way(path: Path) -> None:
    """An import inside a function counts as much as one at the top."""
    own = _package(path)
    wrong = [
        f"line {line}: {own} imports {other}"
        for line, other in _imports(path)
        if other != own and _RANKS[other] >= _RANKS[own]
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_no_file_is_too_long(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST or name in ONE_PAGE, f"{lines} lines: split it"


def test_the_table_of_contents_is_a_page() -> None:
    text = (PACKAGE / "pipeline.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= TABLE_OF_CONTENTS


@pytest.mark.parametrize("path", TEMPLATE_FILES, ids=lambda path: path.name)
def test_template_decides_nothing(path: Path) -> None:
    """Holes, `for` and `if flag`: decisions are made in lowering, in Python."""
    tree = environment(_no_block).parse(path.read_text(encoding="utf-8"))
    found = [
        f"line {node.lineno}: {type(node).__name__.lower()}"
        for kind in _DECIDING
        for node in tree.find_all(kind)
    ]
    filters = {f"the filter {node.name}" for node in tree.find_all(jinja.Filter)}
    found += sorted(filters - {f"the filter {name}" for name in _FILTERS})
    assert not found, found


_FILTERS = {"block", "docstring", "join"}
_DECIDING: tuple[type[jinja.Node], ...] = (
    jinja.Assign,
    jinja.AssignBlock,
    jinja.Call,
    jinja.CallBlock,
    jinja.Compare,
    jinja.BinExpr,
    jinja.Macro,
    jinja.Test,
)


def test_every_statement_has_a_template_and_vice_versa() -> None:
    kinds = set(typing.get_args(model.Statement)) - {model.Line}
    kinds |= {model.Function, model.Main, model.Script}
    wanted = {template_name(kind) for kind in kinds}
    assert wanted == {path.name for path in TEMPLATE_FILES}


def test_templates_are_all_there_is() -> None:
    allowed = {".jinja", ".py"}
    others = [
        p for p in TEMPLATES.rglob("*") if p.is_file() and "__pycache__" not in p.parts
    ]
    assert {path.suffix for path in others} <= allowed


def test_script_model_knows_nothing_of_workflows() -> None:
    text = inspect.getsource(model)
    assert "transpiler" not in text


def _no_block(*_: object) -> str:
    raise jinja2.TemplateError("templates are only parsed here")


_RANKS = {name: rank for rank, names in enumerate(LEVELS) for name in names}


def _package(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the packages of ours that a file imports, and where."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            module = node.module or ""
            names = [module]
            if module == "transpiler":
                names = [f"{module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Call) and _imports_by_name(node):
            names = [ast.unparse(argument).strip("'") for argument in node.args]
        for name in names:
            package, _, rest = name.partition(".")
            if package == "transpiler":
                yield getattr(node, "lineno", 0), rest.partition(".")[0] or "__init__"


def _imports_by_name(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Name) and node.func.id == "import_module"
