"""The support definitions for names, logs and traces, as plain Python.

The larger part of their behaviour is held against the interpreter's elsewhere; these
tests are about what a comparison does not show.
"""

from __future__ import annotations

import ast
import json
import logging
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest

from transpiler.lowering.prelude import prelude_imports, prelude_source, prelude_text
from transpiler.resources import templates_folder

FILES = sorted(path.stem for path in (templates_folder() / "prelude").glob("*.py"))


def defined(*files: str) -> dict[str, Any]:
    """Execute support definitions as they stand in a script; return their names."""
    names: dict[str, Any] = {"log": logging.getLogger("script")}
    imports, texts = ["from __future__ import annotations"], dict[str, str]()

    def add(file: str) -> None:
        for module, name, bound in prelude_imports(file):
            if module == ".log":
                continue
            if module.startswith("."):
                add(module[1:])
            elif name is None:
                imports.append(f"import {module} as {bound}")
            else:
                imports.append(f"from {module} import {name} as {bound}")
        texts[file] = prelude_text(file, {})

    for file in files:
        add(file)
    exec("\n\n".join([*imports, *texts.values()]), names)
    return names


@pytest.mark.parametrize("file", FILES)
def test_a_definition_is_short_and_says_what_it_is_for(file: str) -> None:
    tree = ast.parse(prelude_source(file))
    assert ast.get_docstring(tree)
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            assert ast.get_docstring(node)
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno < 30


def test_names_are_put_back_whatever_happens() -> None:
    made = defined("names", "named_path")
    named, names = made["named"], made["names"]
    with named("a"):
        with pytest.raises(KeyboardInterrupt), named("b"):
            assert names() == ("a", "b")
            raise KeyboardInterrupt
        assert names() == ("a",)
    assert names() == ()


@pytest.mark.parametrize("file", ["named", "named_path", "named_traced"])
def test_only_errors_are_noted(file: str) -> None:
    named = defined(file)["named"]
    with pytest.raises(ValueError) as caught, named("a"), named("b"):
        raise ValueError
    assert caught.value.__notes__ == ["in b", "in a"]
    with pytest.raises(SystemExit) as ended, named("a"):
        raise SystemExit(3)
    assert not hasattr(ended.value, "__notes__")


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG, "script"):
        yield caplog


def test_a_log_says_the_names_around(log: pytest.LogCaptureFixture) -> None:
    made = defined("logged", "named_path")
    with made["named"]("fleet"), made["named"]("web 100%"), made["logged"]():
        pass
    first, last = log.messages
    assert first == "fleet.web 100%: started"
    assert re.fullmatch(r"fleet\.web 100%: finished in \d+\.\d{3} s", last)


@pytest.mark.parametrize("file", ["logged_step", "logged_anywhere"])
def test_a_log_without_names_says_the_step(
    file: str, log: pytest.LogCaptureFixture
) -> None:
    logged = defined(file)["logged"]
    with pytest.raises(SystemExit), logged("install", level=logging.DEBUG):
        raise SystemExit(3)
    first, last = log.messages
    assert first == "install: started"
    assert re.fullmatch(r"install: failed after \d+\.\d{3} s: SystemExit\(3\)", last)
    assert {record.levelno for record in log.records} == {logging.DEBUG}


def parts(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_many_threads_write_one_trace(tmp_path: Path) -> None:
    made = defined("traced", "named_traced")
    together = threading.Barrier(8)

    def branch(number: int) -> None:
        together.wait(10)
        with made["named"](f"branch {number}"):
            for each in range(100):
                with made["named"](f"step {each}, {'x' * 500}"):
                    pass

    path = tmp_path / "trace.jsonl"
    with made["traced"](path), made["named"]("all"):
        with ThreadPoolExecutor(max_workers=8) as pool:
            branches = [pool.submit(copy_context().run, branch, n) for n in range(8)]
        for each in branches:
            each.result()
    found = [tuple(part["names"][:2]) for part in parts(path)]
    assert len(found) == 8 * 101 + 1
    assert {f"branch {n}" for n in range(8)} == {n[1] for n in found if n[1:]}
    assert found[-1] == ("all",)


def test_a_part_is_in_the_file_as_soon_as_it_has_ended(tmp_path: Path) -> None:
    made = defined("traced", "named_traced")
    path = tmp_path / "trace.jsonl"
    with pytest.raises(ZeroDivisionError), made["traced"](path), made["named"]("ä"):
        with made["named"]("first"):
            assert parts(path) == []
        assert [part["names"] for part in parts(path)] == [["ä", "first"]]
        raise ZeroDivisionError("over")
    first, last = parts(path)
    assert first["error"] is None
    assert last["error"] == {"type": "ZeroDivisionError", "message": "over"}
    assert last["duration"] >= first["duration"] >= 0


def test_an_outer_trace_has_what_an_inner_one_has(tmp_path: Path) -> None:
    made = defined("traced", "named_traced")
    outer, inner = tmp_path / "outer.jsonl", tmp_path / "inner.jsonl"
    with made["traced"](outer):
        with made["named"]("a"), made["traced"](inner), made["named"]("b"):
            pass
        with made["named"]("c"):
            pass
    with made["named"]("outside"):
        pass
    assert [part["names"] for part in parts(inner)] == [["a", "b"]]
    assert [part["names"] for part in parts(outer)] == [["a", "b"], ["a"], ["c"]]
