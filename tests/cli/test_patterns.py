"""Patterns in the settings that find nothing."""

from __future__ import annotations

from pathlib import Path

from flows import WORKFLOW, Flowc, Write


def test_a_pattern_that_finds_nothing_hides_no_orphan(
    flowc: Flowc, write: Write
) -> None:
    source = write("flows/a.py", WORKFLOW)
    assert flowc("build").exit_code == 0
    source.unlink()
    for command in ("check", "build"):
        result = flowc(command)
        assert result.exit_code == 2
        assert "error[FLOW013]: sources: no file matches 'flows/*.py'" in result.stderr
        assert "generated/provision.py: orphaned" in result.stderr
        assert result.stderr.endswith("scripts: 1 orphaned, 1 failed\n")
    assert flowc("lint").exit_code == 2


def test_a_pattern_that_is_wrong_orphans_nothing(flowc: Flowc, write: Write) -> None:
    write("flows/a.py", WORKFLOW)
    assert flowc("build").exit_code == 0
    write("pyproject.toml", '[tool.flowc]\nsources = ["flow/*.py"]\n')
    result = flowc("check")
    assert result.exit_code == 2
    assert "no file matches 'flow/*.py'" in result.stderr
    assert "orphaned" not in result.stderr


def test_a_pattern_that_finds_nothing_stops_no_other(
    flowc: Flowc, write: Write, project: Path
) -> None:
    settings = '[tool.flowc]\nsources = ["gone/*.py", "flows/*.py"]\n'
    write("pyproject.toml", settings)
    write("flows/a.py", WORKFLOW)
    result = flowc("build")
    assert result.exit_code == 2
    assert "no file matches 'gone/*.py'" in result.stderr
    assert (project / "generated/provision.py").is_file()
