"""`flowc lint` and `flowc check --lint`: targets, formats, exit statuses, silences."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result
from flows import Write

from transpiler.cli import cli
from transpiler.diagnostics import Diagnostic
from transpiler.reporting import Reporter
from transpiler.source import Span

STEPS = """\
from transpiler import flow


@flow.step
def call(line: dict, number: str) -> None:
    line["calls"] += 1
    connect(number)


def connect(number: str) -> None:
    print(number)
    raise_if(number)


def raise_if(number: str) -> None:
    if not number:
        raise ValueError(number)
"""

WORKFLOW = """\
from steps import call

from transpiler import flow


@flow.workflow
def dial() -> flow.Step[dict]:
    return flow.retry(call("1"), {policies})
"""

ENDLESS = WORKFLOW.format(policies="flow.only_if(bool)")
FINE = WORKFLOW.format(policies="flow.up_to(2)")
COUNTS = '    line["calls"] += 1\n'


@pytest.fixture
def endless(write: Write) -> None:
    """Make the project one with a hint in flows/steps.py and a warning in dial.py."""
    write("flows/steps.py", STEPS)
    write("flows/dial.py", ENDLESS)


def flowc(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, prog_name="flowc")


def codes(result: Result) -> list[str]:
    return [found["code"] for found in json.loads(result.stdout)["diagnostics"]]


@pytest.mark.usefixtures("endless")
def test_warnings_are_found_in_all_that_the_settings_name() -> None:
    done = flowc("lint")
    assert done.exit_code == 1
    assert "flows/dial.py:8: warning[FLOW504]: " in done.stderr
    assert "flows/steps.py:6: hint[FLOW502]: " in done.stderr
    assert done.stderr.endswith("lint: 1 warning, 1 hint\n")
    assert done.stdout == ""


def test_hints_are_no_failure(write: Write) -> None:
    write("flows/steps.py", STEPS)
    write("flows/dial.py", FINE)
    done = flowc("lint")
    assert done.exit_code == 0
    assert done.stderr.endswith("lint: 1 hint\n")


@pytest.mark.usefixtures("endless")
def test_json_and_github_tell_the_severity() -> None:
    done = flowc("lint", "--output-format", "json")
    assert done.exit_code == 1
    document = json.loads(done.stdout)
    severities = [(d["code"], d["severity"]) for d in document["diagnostics"]]
    assert severities == [("FLOW504", "warning"), ("FLOW502", "hint")]
    assert document["diagnostics"][0]["page"].endswith("/FLOW504.md")
    done = flowc("lint", "--output-format", "github")
    lines = [line.partition(" ")[0] for line in done.stdout.splitlines()]
    assert lines == ["::warning", "::notice"]
    assert "file=flows/dial.py,line=8,endLine=8,title=FLOW504" in done.stdout


def test_colours_tell_the_severity(capfd: pytest.CaptureFixture[str]) -> None:
    colours = {"error": "\x1b[31m", "warning": "\x1b[33m", "hint": "\x1b[36m"}
    for severity, colour in colours.items():
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("NO_COLOR", raising=False)
            patch.setattr("transpiler.reporting.colour", lambda: True)
            found = Diagnostic(Span("x.py", 1), "FLOW501", "m", severity=severity)  # type: ignore[arg-type] # a name from the table
            Reporter().findings([found])
        assert f"{colour}\x1b[1m{severity}[FLOW501]" in capfd.readouterr().err


@pytest.mark.usefixtures("endless")
def test_what_cannot_be_built_is_bad_input_and_hides_nothing(write: Write) -> None:
    write("flows/broken.py", "from transpiler import flow\nx = flow.repeat(-1)\n")
    done = flowc("lint", "--output-format", "json")
    assert done.exit_code == 2
    assert "FLOW504" in codes(done)
    assert any(not code.startswith("FLOW5") for code in codes(done))
    assert flowc("lint", "flows/nothing.py").exit_code == 2


@pytest.mark.usefixtures("endless")
def test_check_tells_what_the_lints_find() -> None:
    assert flowc("build").exit_code == 0
    assert flowc("check").exit_code == 0
    done = flowc("check", "--lint")
    assert done.exit_code == 1
    assert done.stderr.endswith("lint: 1 warning, 1 hint\nscripts: 1 same\n")
    done = flowc("check", "--lint", "--output-format", "json")
    document = json.loads(done.stdout)
    assert [d["code"] for d in document["diagnostics"]] == ["FLOW504", "FLOW502"]
    assert [row["status"] for row in document["outputs"]] == ["same"]


def test_check_is_content_with_hints_and_tells_errors_once(write: Write) -> None:
    write("flows/steps.py", STEPS)
    write("flows/dial.py", FINE)
    assert flowc("build").exit_code == 0
    assert flowc("check", "--lint").exit_code == 0
    write("flows/dial.py", WORKFLOW.format(policies="flow.up_to(0)"))
    done = flowc("check", "--lint")
    assert done.exit_code == 2
    assert done.stderr.count("FLOW104") == 1


def test_a_comment_in_a_shared_module_counts_for_all_workflows(write: Write) -> None:
    """It is judged only where all workflows that may need it have been looked at."""
    silenced = COUNTS.rstrip() + "  # flowc: ignore[FLOW502] attempts are counted\n"
    write("flows/steps.py", STEPS.replace(COUNTS, silenced))
    write("flows/dial.py", FINE)
    write("flows/once.py", FINE.replace("dial", "once").replace("up_to(2)", "up_to(1)"))
    assert flowc("lint").stderr == "lint: no findings\n"
    assert flowc("lint", "flows/once.py").stderr == "lint: no findings\n"
    write("flows/dial.py", FINE.replace("up_to(2)", "up_to(1)"))
    assert flowc("lint", "flows/dial.py").stderr == "lint: no findings\n"
    done = flowc("lint")
    assert done.exit_code == 1
    assert "flows/steps.py:6: warning[FLOW500]: there is no FLOW502 here" in done.stderr


def test_a_comment_of_another_workflow_of_the_file_is_left_alone(write: Write) -> None:
    write("flows/steps.py", STEPS)
    other = ENDLESS.replace("dial", "other").partition("\n\n\n")[2]
    other = other.replace("))\n", "))  # flowc: ignore[FLOW504] for a reason\n")
    write("flows/dial.py", f"{FINE}\n\n{other}")
    assert flowc("lint", "flows/dial.py:dial").stderr.endswith("lint: 1 hint\n")
    assert flowc("lint", "flows/dial.py:other").stderr.endswith("lint: 1 hint\n")
    assert flowc("lint").stderr.endswith("lint: 1 hint\n")


def test_the_script_keeps_the_reason_and_not_the_code(write: Write) -> None:
    text = ENDLESS.replace(
        "return flow",
        "return flow.do(\n"
        "        # flowc: ignore[FLOW504] It rings until somebody answers.\n"
        "        # flowc: ignore[FLOW501]\n"
        "        flow",
    ).replace("(bool))", "(bool)))")
    write("flows/steps.py", STEPS)
    write("flows/dial.py", text)
    assert flowc("build").exit_code == 0
    with open("generated/dial.py", encoding="utf-8") as file:
        script = file.read()
    assert "\n    # It rings until somebody answers.\n    for attempt in" in script
    assert "ignore" not in script
