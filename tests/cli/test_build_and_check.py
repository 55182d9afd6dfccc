"""flowc build and flowc check: which files are written, what is said, how it ends."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from flows import WORKFLOW, Flowc, Write

from transpiler.diagnostics import refuse

OTHER = WORKFLOW.replace("provision", "deploy")
BROKEN = "import no_such_module\n"


def scripts(project: Path) -> list[str]:
    return sorted(path.name for path in (project / "generated").glob("*.py"))


def contents(project: Path) -> dict[str, bytes]:
    files = (path for path in project.rglob("*") if path.is_file())
    return {str(path): path.read_bytes() for path in files}


def test_build_writes_every_configured_workflow(
    flowc: Flowc, write: Write, project: Path
) -> None:
    write("flows/a.py", WORKFLOW)
    write("flows/b.py", OTHER)
    write("flows/common.py", "HOSTS = ['a']\n")
    result = flowc("build")
    assert result.exit_code == 0, result.output
    assert scripts(project) == ["__init__.py", "deploy.py", "provision.py"]
    assert result.stderr.splitlines() == [
        "wrote generated/provision.py",
        "wrote generated/deploy.py",
        "scripts: 2 written",
    ]
    mode = (project / "generated/deploy.py").stat().st_mode
    assert stat.S_IMODE(mode) == 0o755
    assert flowc("build").stderr == "scripts: 2 unchanged\n"


def test_build_works_from_a_subfolder(
    flowc: Flowc, write: Write, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(write("flows/a.py", WORKFLOW).parent)
    assert flowc("build").exit_code == 0
    assert scripts(project) == ["__init__.py", "provision.py"]


def test_targets_and_output_folder(flowc: Flowc, write: Write, project: Path) -> None:
    write("flows/a.py", WORKFLOW + OTHER.partition("\n")[2])
    assert flowc("build", "flows/a.py:deploy").exit_code == 0
    assert scripts(project) == ["__init__.py", "deploy.py"]
    assert flowc("build", "flows/a.py", "--output", "out").exit_code == 0
    assert (project / "out/provision.py").is_file()


def test_without_a_pyproject_scripts_go_beside_the_working_directory(
    flowc: Flowc, write: Write, project: Path
) -> None:
    write("flows/a.py", WORKFLOW)
    (project / "pyproject.toml").unlink()
    assert flowc("build", "flows/a.py").exit_code == 0
    assert scripts(project) == ["__init__.py", "provision.py"]
    result = flowc("build")
    assert result.exit_code == 2
    assert "error[FLOW013]" in result.stderr


def test_every_target_is_tried_and_every_error_told(
    flowc: Flowc, write: Write, project: Path
) -> None:
    write("flows/a.py", BROKEN)
    write("flows/b.py", "def (:\n")
    write("flows/c.py", OTHER)
    result = flowc("build")
    assert result.exit_code == 2
    assert scripts(project) == ["__init__.py", "deploy.py"]
    assert result.stderr.index("error[FLOW003]") < result.stderr.index("error[FLOW002]")
    assert result.stderr.endswith("scripts: 1 written, 2 failed\n")


def test_a_failed_build_leaves_no_file(
    flowc: Flowc, write: Write, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("flows/a.py", WORKFLOW)

    def fail(entry: object) -> str:
        raise refuse("FLOW999", "no")

    monkeypatch.setattr("transpiler.pipeline.build_script", fail)
    assert flowc("build").exit_code == 2
    assert not (project / "generated").exists()


def test_verbose_shows_the_authors_frames_and_none_of_ours(
    flowc: Flowc, write: Write
) -> None:
    write("other.py", "def read():\n    return {}['a']\n")
    write("flows/a.py", "import other\nother.read()\n")
    assert "Traceback" not in flowc("build").output
    for arguments in (["build", "-v"], ["-v", "build"]):
        shown = flowc(*arguments).stderr
        assert "Traceback (most recent call last):" in shown
        assert shown.count("File ") == 2
        assert "KeyError: 'a'" in shown


def test_a_mistake_of_ours_is_one_line(
    flowc: Flowc, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("flows/a.py", WORKFLOW)

    def fail(entry: object) -> str:
        raise ZeroDivisionError("oh\nno")

    monkeypatch.setattr("transpiler.pipeline.build_script", fail)
    result = flowc("build")
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("flowc: internal error: ZeroDivisionError: oh no (the trace")
    assert "please report it" in line
    assert "Traceback" in flowc("build", "-v").stderr


def test_an_interrupted_build_leaves_the_old_scripts(
    flowc: Flowc, write: Write, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("flows/a.py", WORKFLOW)
    flowc("build")
    before = contents(project / "generated")
    write("flows/a.py", WORKFLOW + "# changed\n")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupt)
    result = flowc("build")
    assert result.exit_code == 130
    assert result.stderr == "interrupted\n"
    assert contents(project / "generated") == before


def test_a_script_edited_by_hand_is_kept(
    flowc: Flowc, write: Write, project: Path
) -> None:
    write("flows/a.py", WORKFLOW)
    flowc("build")
    script = project / "generated/provision.py"
    edited = script.read_text(encoding="utf-8").replace("hello", "my own")
    script.write_text(edited, encoding="utf-8")
    result = flowc("build")
    assert result.exit_code == 2
    assert "generated/provision.py: error[FLOW021]: this is edited by hand" in (
        result.stderr
    )
    assert script.read_text(encoding="utf-8") == edited
    write("flows/a.py", WORKFLOW + "# changed\n")
    assert "and the workflow has changed since" in flowc("build").stderr
    assert flowc("build", "--force").exit_code == 0
    assert "my own" not in script.read_text(encoding="utf-8")


def test_a_file_of_the_authors_is_kept(
    flowc: Flowc, write: Write, project: Path
) -> None:
    write("flows/a.py", WORKFLOW)
    mine = write("generated/provision.py", "print('mine')\n")
    result = flowc("build")
    assert result.exit_code == 2
    assert "this is not written by flowc" in result.stderr
    assert mine.read_text(encoding="utf-8") == "print('mine')\n"


def test_a_lost_executable_bit_comes_back(
    flowc: Flowc, write: Write, project: Path
) -> None:
    write("flows/a.py", WORKFLOW)
    flowc("build")
    script = project / "generated/provision.py"
    script.chmod(0o644)
    assert flowc("build").exit_code == 0
    assert stat.S_IMODE(script.stat().st_mode) == 0o755


def test_two_workflows_of_one_name_are_refused(
    flowc: Flowc, write: Write, project: Path
) -> None:
    write("flows/a.py", WORKFLOW)
    write("flows/b.py", WORKFLOW)
    write("flows/c.py", OTHER)
    result = flowc("build")
    assert result.exit_code == 2
    assert "flows/b.py:10: error[FLOW022]: two workflows are called provision" in (
        result.stderr
    )
    assert "flows/a.py:10: note: the other one" in result.stderr
    assert scripts(project) == ["__init__.py", "deploy.py"]


def test_a_target_named_twice_is_built_once(flowc: Flowc, write: Write) -> None:
    write("flows/a.py", WORKFLOW)
    result = flowc("build", "flows/a.py", "flows/a.py:provision", "./flows/a.py")
    assert result.exit_code == 0
    assert result.stderr.endswith("scripts: 1 written\n")


def test_a_folder_that_cannot_be_written(flowc: Flowc, write: Write) -> None:
    write("flows/a.py", WORKFLOW)
    write("generated", "a file\n")
    result = flowc("build")
    assert result.exit_code == 2
    assert "generated: error[FLOW020]: this is a file" in result.stderr
    assert "Traceback" not in result.output


def test_check_is_silent_about_what_is_right(flowc: Flowc, write: Write) -> None:
    write("flows/a.py", WORKFLOW)
    flowc("build")
    result = flowc("check")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "scripts: 1 same\n"


def test_check_finds_missing_changed_edited_and_orphaned(
    flowc: Flowc, write: Write, project: Path
) -> None:
    write("flows/a.py", WORKFLOW)
    write("flows/b.py", OTHER)
    write("flows/c.py", WORKFLOW.replace("provision", "retire"))
    write("flows/d.py", WORKFLOW.replace("provision", "edited"))
    flowc("build")
    write("flows/a.py", WORKFLOW.replace("hello", "goodbye"))
    (project / "flows/b.py").unlink()
    (project / "generated/retire.py").unlink()
    edited = project / "generated/edited.py"
    edited.write_text(edited.read_text(encoding="utf-8") + "# mine\n", "utf-8")
    before = contents(project)
    result = flowc("check")
    assert contents(project) == before
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        "generated/provision.py: changed; run flowc build flows/a.py",
        "generated/retire.py: missing; run flowc build flows/c.py",
        "generated/edited.py: edited by hand;"
        " move the edit into flows/d.py, or flowc build --force flows/d.py",
        "generated/deploy.py: orphaned: no workflow produces it any more; delete it",
        "scripts: 1 changed, 1 edited, 1 missing, 1 orphaned",
    ]
    diff = result.stdout
    assert "--- a/generated/provision.py\n+++ b/generated/provision.py\n" in diff
    assert '-    print("hello")\n+    print("goodbye")\n' in diff
    assert "--- /dev/null\n+++ b/generated/retire.py\n" in diff
    assert "-# mine\n" in diff


def test_the_diff_can_be_applied(flowc: Flowc, write: Write, project: Path) -> None:
    path = write("flows/a.py", WORKFLOW)
    flowc("build")
    write("flows/a.py", path.read_text(encoding="utf-8").replace("hello", "goodbye"))
    diff = write("change.diff", flowc("check").stdout)
    assert os.system(f"patch -p1 --quiet < {diff}") == 0
    assert flowc("check").exit_code == 0


def test_a_source_that_is_broken_orphans_nothing(flowc: Flowc, write: Write) -> None:
    write("flows/a.py", WORKFLOW)
    flowc("build")
    write("flows/a.py", BROKEN)
    result = flowc("check")
    assert result.exit_code == 2
    assert "orphaned" not in result.output


def test_with_targets_only_their_own_scripts_are_judged(
    flowc: Flowc, write: Write
) -> None:
    write("flows/a.py", WORKFLOW)
    write("flows/b.py", OTHER)
    flowc("build")
    write("flows/b.py", OTHER.replace("deploy", "release"))
    assert flowc("check", "flows/a.py").exit_code == 0
    result = flowc("build", "flows/b.py")
    assert result.exit_code == 0
    assert "generated/deploy.py: orphaned" in result.stderr


def test_json_is_one_document(flowc: Flowc, write: Write) -> None:
    write("flows/a.py", "print('noise')\n" + WORKFLOW)
    write("flows/b.py", "x = 1\nimport no_such_module\n")
    result = flowc("check", "--output-format", "json")
    assert result.exit_code == 2
    document = json.loads(result.stdout)
    (diagnostic,) = document["diagnostics"]
    assert diagnostic["code"] == "FLOW003"
    assert (diagnostic["path"], diagnostic["line"]) == ("flows/b.py", 2)
    assert (diagnostic["column"], diagnostic["end_column"]) == (1, 22)
    (output,) = document["outputs"]
    assert (output["path"], output["status"]) == ("generated/provision.py", "missing")
    assert output["diff"].startswith("--- /dev/null")


def test_bad_settings_as_json(flowc: Flowc, write: Write) -> None:
    write("pyproject.toml", "[tool.flowc]\nsources = 3\n")
    result = flowc("check", "--output-format", "json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["diagnostics"][0]["code"] == "FLOW012"


def test_github_annotations(flowc: Flowc, write: Write) -> None:
    write("flows/a.py", WORKFLOW)
    write("flows/b.py", "import no_such_module\n")
    lines = flowc("check", "--output-format", "github").stdout.splitlines()
    place = "file=flows/b.py,line=1,endLine=1,title=FLOW003,col=1,endColumn=22"
    (found,) = (line for line in lines if line.startswith(f"::error {place}::"))
    assert "%0Ahint: install no_such_module" in found
    words = "missing; run flowc build flows/a.py"
    assert f"::error file=generated/provision.py,title=flowc::{words}" in lines


def test_parameters_reach_the_workflow(
    flowc: Flowc, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(
        "flows/a.py",
        "from transpiler import flow\n\n\n@flow.workflow\n"
        "def deploy(count: int, zones: list[str] | None = None):\n"
        "    return flow.do()\n",
    )
    given = []

    def build_script(entry: object) -> str:
        given.append(getattr(entry, "parameters", None))
        return ""

    monkeypatch.setattr("transpiler.pipeline.build_script", build_script)
    result = flowc("build", "--param", "count=3", "--param", "zones=a,b")
    assert result.exit_code == 0, result.output
    assert given == [{"count": 3, "zones": ["a", "b"]}]


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ([], "deploy needs a value for count"),
        (["count=x"], "--param count: should be a whole number, not 'x'"),
        (["count=1", "cuont=1"], "deploy has no parameter cuont: did you mean count?"),
    ],
)
def test_wrong_parameters(
    flowc: Flowc, write: Write, parameters: list[str], message: str
) -> None:
    write(
        "flows/a.py",
        "from transpiler import flow\n\n\n@flow.workflow\n"
        "def deploy(count: int):\n    return flow.do()\n",
    )
    options = [word for each in parameters for word in ("--param", each)]
    result = flowc("build", *options)
    assert result.exit_code == 2
    assert f"flows/a.py:5: error[FLOW007]: {message}" in result.stderr


def test_a_parameter_is_a_pair(flowc: Flowc, write: Write) -> None:
    write("flows/a.py", WORKFLOW)
    assert flowc("build", "--param", "x").exit_code == 2
    assert "given twice" in flowc("build", "--param", "x=1", "--param", "x=2").stderr
