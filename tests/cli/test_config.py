"""[tool.flowc] in pyproject.toml."""

from __future__ import annotations

from pathlib import Path

import pytest
from flows import Write

from transpiler.config import configured_sources, read_config
from transpiler.diagnostics import Diagnostic, TranspileError


def problems(text: str, write: Write) -> tuple[Diagnostic, ...]:
    file = write("pyproject.toml", text)
    with pytest.raises(TranspileError) as caught:
        _, missing = configured_sources(read_config(file.parent))
        raise TranspileError(missing)
    return caught.value.diagnostics


def test_settings_are_relative_to_the_nearest_pyproject(
    project: Path, write: Write
) -> None:
    inner = write("flows/deep/a.py", "")
    config = read_config(inner.parent)
    assert config.output == project / "generated"
    assert config.sources == ("flows/*.py",)
    assert config.file == project / "pyproject.toml"


def test_patterns_find_workflow_files_only(project: Path, write: Write) -> None:
    settings = 'sources = ["**/*.py", "named.py"]\noutput = "out"\n'
    write("pyproject.toml", "[tool.flowc]\n" + settings)
    for name in ("b/w.py", "a/w.py", "a/__init__.py", "a/w.txt", "named.py"):
        write(name, "")
    for name in ("out/x.py", ".venv/x.py", "v/lib/site-packages/x.py"):
        write(name, "")
    found, missing = configured_sources(read_config(project))
    assert not missing
    assert found == [
        (project / "a/w.py", True),
        (project / "b/w.py", True),
        (project / "named.py", False),
    ]


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    config = read_config(tmp_path)
    assert config.output == tmp_path / "generated"
    with pytest.raises(TranspileError, match="no sources are named in .* of pyproject"):
        configured_sources(config)


def test_unknown_setting(write: Write) -> None:
    (found,) = problems('[tool.flowc]\nsource = ["a.py"]\n', write)
    assert (found.code, found.span.line) == ("FLOW011", 2)
    assert found.hint == "did you mean sources?"


@pytest.mark.parametrize(
    "setting",
    ['sources = "a.py"', "sources = [1]", "output = 3", 'sources = ["/abs/*.py"]'],
)
def test_wrong_type(write: Write, setting: str) -> None:
    (found,) = problems(f"[tool.black]\n\n[tool.flowc]\n{setting}\n", write)
    assert (found.code, found.span.line) == ("FLOW012", 4)
    assert "should be" in found.message
    assert found.hint


def test_not_a_table(write: Write) -> None:
    (found,) = problems("[tool]\nflowc = 3\n", write)
    assert (found.code, found.span.line) == ("FLOW012", 2)


def test_all_problems_are_told(write: Write) -> None:
    found = problems("[tool.flowc]\nsources = 1\noutput = 2\nx = 3\n", write)
    assert [each.code for each in found] == ["FLOW012", "FLOW012", "FLOW011"]


def test_not_toml(write: Write) -> None:
    (found,) = problems("[tool.flowc]\nsources = [\n  nope\n", write)
    assert found.code == "FLOW010"
    assert found.span.line == 3


def test_a_pattern_that_finds_nothing(write: Write) -> None:
    (found,) = problems('[tool.flowc]\nsources = ["nowhere/*.py"]\n', write)
    assert (found.code, found.span.line) == ("FLOW013", 2)
