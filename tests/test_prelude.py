"""The support definitions that scripts get: plain Python that can be tested as it is.

Those of time limits are tested in test_limits_in_scripts.py, those of traces and logs
in test_observing.py; here are the rules that hold for all, and names.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from support.cases import ROOT
from transpiler.lowering.prelude import prelude_names, prelude_of

PRELUDE = ROOT / "templates" / "prelude"
FILES = sorted(PRELUDE.glob("*.py"))


@pytest.fixture(scope="module")
def prelude() -> Iterator[None]:
    """Let the support definitions be imported as the package that they are."""
    sys.path.insert(0, str(PRELUDE.parent))
    yield
    sys.path.remove(str(PRELUDE.parent))
    for name in [n for n in sys.modules if n.partition(".")[0] == "prelude"]:
        del sys.modules[name]


def load(name: str) -> ModuleType:
    """Return a support definition's module."""
    return importlib.import_module(f"prelude.{name}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_says_what_it_is_for(path: object) -> None:
    assert isinstance(path, type(PRELUDE))
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert (ast.get_docstring(tree) or "").endswith(".")
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_it_needs_nothing_that_a_bare_python_lacks(path: object) -> None:
    assert isinstance(path, type(PRELUDE))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            # Another support definition, or the script's logger.
            others = {other.stem for other in FILES} | {"log"}
            assert node.module in others
        elif isinstance(node, ast.ImportFrom):
            assert (node.module or "").partition(".")[0] in sys.stdlib_module_names
        elif isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names}
            assert names <= sys.stdlib_module_names


def test_a_name_is_found_by_what_defines_it() -> None:
    for path in FILES:
        names = prelude_names(path.stem)
        assert len(names) == 1, f"{path.name} defines {names}"
    assert prelude_of("Exhausted") == "exhausted"
    assert prelude_of("no_such_thing") is None


@pytest.mark.usefixtures("prelude")
@pytest.mark.parametrize("file", ["named", "named_path"])
def test_named_notes_where_an_error_was(file: str) -> None:
    named = load(file).named
    with pytest.raises(ValueError) as caught, named("outer"), named("inner"):
        raise ValueError("wrong")
    assert caught.value.__notes__ == ["in inner", "in outer"]


@pytest.mark.usefixtures("prelude")
@pytest.mark.parametrize("file", ["named", "named_path"])
def test_named_lets_the_end_of_the_process_pass(file: str) -> None:
    named = load(file).named
    with pytest.raises(SystemExit) as caught, named("part"):
        sys.exit(2)
    assert not hasattr(caught.value, "__notes__")


@pytest.mark.usefixtures("prelude")
def test_names_around() -> None:
    named, names = load("named_path").named, load("names").names
    assert names() == ()
    with named("outer"):
        with named("inner"):
            assert names() == ("outer", "inner")
        assert names() == ("outer",)
    with pytest.raises(KeyError), named("outer"):
        raise KeyError("x")
    assert names() == ()
