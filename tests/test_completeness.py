"""A new combinator touches a few named places; these tests name those that are missing.

mypy finds a `match` that forgot a node, by `assert_never`; here it is made sure that
there is such a `match` wherever one belongs.
"""

from __future__ import annotations

import ast
import inspect
import re
import typing
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.cases import GOLDEN, ROOT
from transpiler import flow, passes
from transpiler.ir import nodes as ir

PACKAGE = ROOT / "transpiler"

UNIONS = {
    name: typing.get_args(getattr(ir, name))
    for name in (
        "Step",
        "Provider",
        "Extract",
        "Transform",
        "Consume",
        "Predicate",
        "Policy",
    )
}
PARTS = {
    ir.Case: "a part of Switch",
    ir.Handler: "a part of OnError",
    ir.HandlerFunction: "a part of OnError",
    ir.Outcome: "a part of HandlerFunction",
}
"""Nodes that stand only inside one other kind."""

PLACES = {
    "interpret": "what it means",
    "lowering": "what it becomes",
    "lowering/plan": "how the plan tells it",
}


def _is_for_annotations(value: object) -> bool:
    """Whether authors meet a class only in annotations, if at all."""
    return isinstance(value, type) and not issubclass(value, BaseException)


NAMES = sorted(n for n in flow.__all__ if not _is_for_annotations(getattr(flow, n)))


@pytest.mark.parametrize("name", NAMES)
def test_every_combinator_has_a_golden_case(name: str) -> None:
    word = re.compile(rf"\bflow\.{name}\b")
    users = [
        path.parent.name
        for path in GOLDEN.glob("*/workflow.py")
        if word.search(path.read_text(encoding="utf-8"))
    ]
    assert users, f"no tests/golden/*/workflow.py uses flow.{name}"


def _options() -> Iterator[tuple[str, str]]:
    """Yield the combinators with what they may be given beside what they are about."""
    for name in NAMES:
        value = getattr(flow, name)
        if inspect.isfunction(value):
            for parameter in inspect.signature(value).parameters.values():
                if parameter.default is not parameter.empty:
                    yield name, parameter.name


@pytest.mark.parametrize(("name", "option"), list(_options()))
def test_every_option_has_a_golden_case(name: str, option: str) -> None:
    taken = list(inspect.signature(getattr(flow, name)).parameters)
    place = taken.index(option)
    for path in GOLDEN.glob("**/workflow.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(ast.Name("flow"), attr=called)):
                    given = {keyword.arg for keyword in node.keywords}
                    spread = any(isinstance(x, ast.Starred) for x in node.args)
                    variadic = "providers" in taken or "policies" in taken
                    by_place = len(node.args) > place and not (spread or variadic)
                    if called == name and (option in given or by_place):
                        return
    pytest.fail(f"no tests/golden/*/workflow.py gives {option} to flow.{name}")


@pytest.mark.parametrize("name", sorted(flow.__all__))
def test_every_combinator_is_documented(name: str) -> None:
    assert (getattr(flow, name).__doc__ or "").strip(), f"flow.{name} has no docstring"


def test_every_node_is_in_a_union() -> None:
    known = {member for members in UNIONS.values() for member in members}
    nodes = set(_subclasses(ir.Node))
    assert nodes - known - set(PARTS) == set()
    assert known & set(PARTS) == set()


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("union", UNIONS)
def test_every_node_has_its_case(union: str, place: str) -> None:
    """Some `match` with assert_never at its end names every member of the union."""
    members = {member.__name__ for member in UNIONS[union]}
    missing = [members - cases for cases in _closed_matches(place)]
    assert missing, f"no match in {place} ends with assert_never"
    least = min(missing, key=len)
    assert not least, f"{PLACES[place]}: no case for {sorted(least)}"


def test_every_pass_runs() -> None:
    files = {path.stem for path in (PACKAGE / "passes").glob("*.py")} - {"__init__"}
    assert {change.__name__ for change in passes.PASSES} == files


def test_every_support_definition_is_used() -> None:
    """By its file's name, or because authors may use what it defines."""
    used = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [*PACKAGE.rglob("*.py"), *(ROOT / "templates").rglob("*.py")]
    )
    for path in sorted((ROOT / "templates" / "prelude").glob("*.py")):
        named = rf'"{path.stem}"|from \.{path.stem} import'
        defines = [n.name for n in _definitions(path)]
        exported = any(name in flow.__all__ for name in defines)
        assert exported or re.search(named, used), f"nothing uses {path.name}"


def test_every_golden_folder_is_whole() -> None:
    for folder in sorted(path for path in GOLDEN.iterdir() if path.is_dir()):
        names = {path.name for path in folder.iterdir()} - {"__pycache__"}
        assert names >= {"expected.py", "notes.md"}, folder.name
        # Alone or with other modules, or else in a package of its own.
        (workflow,) = [*folder.glob("workflow.py"), *folder.glob("*/workflow.py")]
        assert workflow.parent == folder or names == {
            "expected.py",
            "notes.md",
            workflow.parent.name,
        }


def _definitions(path: Path) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node


def _subclasses(kind: type[ir.Node]) -> Iterator[type[ir.Node]]:
    for child in kind.__subclasses__():
        # A dataclass with slots is made anew; the first one is nobody's.
        if getattr(ir, child.__name__, None) is child:
            yield child
        yield from _subclasses(child)


def _closed_matches(place: str) -> Iterator[set[str]]:
    """Yield the names of IR classes in each match that ends with assert_never."""
    path = PACKAGE / f"{place}.py"
    files = [path] if path.is_file() else sorted((PACKAGE / place).rglob("*.py"))
    if place == "lowering/plan":
        # It has the words for what stands inside of steps from there.
        files.append(PACKAGE / "lowering/wording.py")
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Match) and "assert_never" in ast.dump(
                node.cases[-1]
            ):
                yield {
                    pattern.cls.attr
                    for case in node.cases
                    for pattern in ast.walk(case.pattern)
                    if isinstance(pattern, ast.MatchClass)
                    and isinstance(pattern.cls, ast.Attribute)
                }
