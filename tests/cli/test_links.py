"""Workflow files that are links."""

from __future__ import annotations

from pathlib import Path

from flows import WORKFLOW, Flowc, Write


def test_a_link_is_built_as_the_file_that_it_leads_to(
    flowc: Flowc, write: Write, project: Path
) -> None:
    write("flows/real.py", WORKFLOW)
    (project / "link.py").symlink_to("flows/real.py")
    assert flowc("build", "link.py").exit_code == 0
    assert flowc("check").stderr == "scripts: 1 same\n"


def test_links_that_lead_nowhere_are_told(flowc: Flowc, project: Path) -> None:
    (project / "dangling.py").symlink_to("nowhere.py")
    (project / "loop.py").symlink_to("loop.py")
    for name in ("dangling.py", "loop.py"):
        result = flowc("build", name)
        assert result.exit_code == 2
        said = f"{name}: error[FLOW001]: this is a link that leads to no file"
        assert result.stderr.splitlines()[0] == said
        assert "did you mean" not in result.stderr
