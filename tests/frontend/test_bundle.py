"""Bundling from one module: what comes along, with what text, and in what order."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

import pytest
from projects import FLOW, Projects

from transpiler.frontend.bundle import bundle
from transpiler.frontend.bundled import Bundle, Import, Root

TOP = Path(__file__).parents[2]


def test_no_roots_make_an_empty_bundle() -> None:
    assert bundle([]) == Bundle()


def test_text_survives_and_only_what_is_reached_comes(projects: Projects) -> None:
    packed = projects.pack(
        {
            "workflow.py": FLOW
            + '''
import json
import logging
import os

# An unrelated banner.

# The service's name,
# in lower case.
NAME   =  "svc"  # trailing
UNUSED = os.sep


# Says hello.
@flow.step
def greet(state: dict[str, str], name: str = NAME) -> None:
    """Docstring  with  spacing.

      and indentation
    """
    # A comment.
    state[ 'x' ] = name   ;print(
        name)

    # The last comment.


def unused() -> str:
    return json.dumps(1)
'''
        },
        "greet",
    )
    assert packed.names == ["NAME", "greet"]
    assert packed.imports == []
    assert packed.text("NAME") == (
        "# The service's name,\n# in lower case.\n" 'NAME   =  "svc"  # trailing'
    )
    assert packed.text("greet") == '''# Says hello.
def greet(state: dict[str, str], name: str = NAME) -> None:
    """Docstring  with  spacing.

      and indentation
    """
    # A comment.
    state[ 'x' ] = name   ;print(
        name)

    # The last comment.'''


def test_definitions_of_examples_come_verbatim(projects: Projects) -> None:
    for folder, case, roots in [
        (
            "static",
            "provision_database",
            "create_user create_database_instance DatabaseSpec",
        ),
        ("rollout", "roll_out", "lock_fleet number_lines archive Rollout"),
    ]:
        workflow = TOP / "examples" / folder / "workflow.py"
        shutil.copy(workflow, projects.root / f"{case}.py")
        expected = (TOP / "generated" / f"{case}.py").read_text(encoding="utf-8")
        packed = projects.pack({}, roots, entry=case)
        assert packed.bundle.definitions
        assert all(d.text in expected for d in packed.bundle.definitions)
        order = [expected.index(d.text) for d in packed.bundle.definitions]
        assert order == sorted(order)
        assert "log" in packed.names


def test_names_and_imports(projects: Projects) -> None:
    packed = projects.pack(
        {
            "workflow.py": FLOW
            + '''
import concurrent.futures
import datetime as dt
import os.path
import xml.dom
import xml.etree.ElementTree
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal
    from fractions import Fraction


@flow.step
def run(state: Mapping[str, "Decimal"]) -> None:
    """Run."""
    os.path.join("a", str(dt.date.today()))
    concurrent.futures.wait([])
    xml.dom.getDOMImplementation()
'''
        },
        "run",
    )
    assert packed.bundle.imports == (
        Import("collections.abc", "Mapping", "Mapping"),
        Import("concurrent.futures", None, "concurrent"),
        Import("datetime", None, "dt"),
        Import("decimal", "Decimal", "Decimal", True),
        Import("os.path", None, "os"),
        Import("typing", "TYPE_CHECKING", "TYPE_CHECKING"),
        Import("xml.dom", None, "xml"),
    )
    assert packed.bundle.names["workflow", "run"] == "run"
    assert packed.bundle.bound >= {"run", "dt", "Mapping", "xml", "concurrent", "os"}
    assert packed.bundle.dependencies == ()


def test_flow_names_in_bodies(projects: Projects) -> None:
    packed = projects.pack(
        {
            "workflow.py": FLOW
            + '''
from transpiler.flow import extract


@flow.step
def other(state: list[int], n: int) -> None:
    """Other."""
    state.append(n)


@extract
def page(state: list[int]) -> int:
    """Page."""
    other.fn(state, 1)
    if not state:
        raise flow.Exhausted
    if len(state) > 3:
        from transpiler.flow import Exhausted as Done

        raise Done("too many")
    return flow.remaining()
'''
        },
        "page",
    )
    assert packed.names == ["other", "page"]
    assert packed.bundle.prelude == {"Exhausted", "remaining"}
    assert "    other(state, 1)\n" in packed.text("page")
    assert "raise Exhausted\n" in packed.text("page")
    assert 'raise Exhausted("too many")' in packed.text("page")
    assert "return remaining()" in packed.text("page")


def test_names_to_avoid(projects: Projects) -> None:
    packed = projects.pack(
        {
            "workflow.py": FLOW
            + '''
def provision() -> "list[provision]":
    return [provision()]


@flow.step
def run(state: list[int]) -> None:
    """Run."""
    provision()
'''
        },
        "run",
        avoid=["provision"],
    )
    assert packed.text("provision_2") == (
        'def provision_2() -> "list[provision_2]":\n    return [provision_2()]'
    )
    assert packed.bundle.names["workflow", "provision"] == "provision_2"


def test_the_module_view(projects: Projects) -> None:
    from transpiler.frontend.modules import author_module
    from transpiler.source import Span

    projects.write({"workflow.py": "x = 1\n\n# One,\n# two.\ny = '''\n# no\n''' + a\n"})
    module = author_module(projects.root / "workflow.py")
    assert module.leading_comments(5) == ("# One,", "# two.")
    assert module.leading_comments(7) == ()
    assert module.source_segment(Span(str(module.path), 5, 4, 7, 3)) == "'''\n# no\n'''"
    assert module.source_segment(Span(str(module.path), 1)) == "x = 1"
    assert [sorted(s.binds) for s in module.statements] == [["x"], ["y"]]
    assert author_module(str(module.path)) is module
    with projects.imported(), pytest.raises(NameError):
        importlib.import_module("workflow")


def test_roots_elsewhere(projects: Projects) -> None:
    projects.write({"workflow.py": "import json as j\nclass A:\n    B = 1\n"})
    with projects.imported():
        importlib.import_module("workflow")
        roots = [Root("workflow", n) for n in ("j.dumps", "A.B", "len")]
        result = bundle([*roots, Root("time", "sleep"), Root("builtins", "print")])
    assert result.names == {
        ("workflow", "j.dumps"): "j.dumps",
        ("workflow", "A.B"): "A.B",
        ("workflow", "A"): "A",
        ("workflow", "len"): "len",
        ("time", "sleep"): "sleep",
        ("builtins", "print"): "print",
    }
    assert result.imports == (
        Import("json", None, "j"),
        Import("time", "sleep", "sleep"),
    )
