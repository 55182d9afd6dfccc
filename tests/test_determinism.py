"""The same workflow becomes the same bytes, wherever and however it is built.

Every golden case is built again by other processes: with another hash seed, from
another working directory, in a checkout at another path, and by other versions of
Python where there are any. What black did to a text is handed on to them, so that only
what could differ costs time.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.cases import (
    ROOT,
    build,
    example_cases,
    golden_cases,
    save_formatted,
)
from transpiler.emit.imports import import_block
from transpiler.script.model import Import

PATHS = sorted(
    {case.workflow.relative_to(ROOT).as_posix() for case in golden_cases()}
    | {case.workflow.relative_to(ROOT).as_posix() for case in example_cases()}
)
BUILDER = ROOT / "tests" / "support" / "build_all.py"


def pythons() -> Iterator[str]:
    """Yield this Python, and those of other versions that have what we need.

    They are looked for in FLOWC_TEST_PYTHONS, paths joined as in PATH.
    """
    yield sys.executable
    code = (
        "import sys, black, click, jinja2, libcst; assert sys.version_info >= (3, 11)"
    )
    for python in os.environ.get("FLOWC_TEST_PYTHONS", "").split(os.pathsep):
        if python and subprocess.run([python, "-c", code]).returncode == 0:
            yield python


PYTHONS = list(pythons())


@dataclass(frozen=True)
class Elsewhere:
    """A way to build all workflows."""

    python: str = sys.executable
    seed: str = "0"
    checkout: Path = ROOT
    directory: Path = ROOT

    def build(self, formatted: Path) -> dict[str, str]:
        """Return the scripts by their workflows' paths, or what went wrong."""
        done = subprocess.run(
            [self.python, BUILDER, self.checkout, formatted, *PATHS],
            cwd=self.directory,
            capture_output=True,
            text=True,
            env={
                **os.environ,
                "PYTHONHASHSEED": self.seed,
                "PYTHONPATH": str(self.checkout),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
        )
        assert done.returncode == 0, done.stderr
        built: dict[str, str] = json.loads(done.stdout)
        return built


@pytest.fixture(scope="module")
def expected() -> dict[str, str]:
    """What all workflows become in this process."""
    cases = [*golden_cases(), *example_cases()]
    return {case.workflow.relative_to(ROOT).as_posix(): build(case) for case in cases}


@pytest.fixture(scope="module")
def formatted(
    tmp_path_factory: pytest.TempPathFactory, expected: dict[str, str]
) -> Path:
    """What black makes of the texts of all workflows."""
    path = tmp_path_factory.mktemp("black") / "formatted.json"
    save_formatted(path)
    return path


def test_hash_seed_and_working_directory(
    tmp_path: Path, formatted: Path, expected: dict[str, str]
) -> None:
    elsewhere = Elsewhere(seed="1", directory=tmp_path)
    assert_same(elsewhere.build(formatted), expected)


@pytest.mark.parametrize("python", PYTHONS)
def test_checkout_path_and_version_of_python(
    python: str, tmp_path: Path, formatted: Path, expected: dict[str, str]
) -> None:
    checkout = tmp_path / "a checkout" / "with_a_long_name" / "deep" / "below"
    ignored = shutil.ignore_patterns(
        ".git", ".venv", "__pycache__", ".*_cache", ".hypothesis"
    )
    for name in ("transpiler", "templates", "examples", "tests/golden"):
        shutil.copytree(ROOT / name, checkout / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", checkout)
    elsewhere = Elsewhere(python, "2", checkout, directory=checkout)
    assert_same(elsewhere.build(formatted), expected)


def assert_same(built: dict[str, str], expected: dict[str, str]) -> None:
    """Compare scripts, and show the first lines that differ."""
    assert built.keys() == expected.keys()
    for path, text in built.items():
        lines, others = text.splitlines(), expected[path].splitlines()
        differing = [(a, b) for a, b in zip(lines, others, strict=False) if a != b]
        assert text == expected[path], f"{path}: {differing[:3]}"


def test_a_module_under_two_names_is_imported_in_one_order() -> None:
    names = ("_json", "json", "js", "data", "a", "b", "c")
    block = import_block([Import("json", None, name) for name in names])
    lines = block.splitlines()[2:]
    assert lines[0] == "import json"
    assert lines == sorted(lines)
