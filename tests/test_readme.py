"""What README.md and the pages beside it show is so."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from transpiler import flow

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [
    path
    for pattern in ("*.md", "docs/**/*.md", "examples/**/*.md")
    for path in sorted(ROOT.glob(pattern))
]
SCRIPTS = sorted((ROOT / "generated").glob("[!_]*.py"))
FLOWC = Path(sys.executable).with_name("flowc")


def section(heading: str) -> str:
    """Return what stands under a heading."""
    found = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", README, re.M | re.S)
    assert found, heading
    return found[1]


def blocks(text: str, language: str = "") -> list[str]:
    """Return the fenced blocks of a language."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S)
    return [body for found, body in fenced if found == language]


def one_command(heading: str) -> str:
    """Return a section's one command, on one line."""
    (block,) = blocks(section(heading), "bash")
    (command,) = block.replace("\\\n", " ").splitlines()
    return " ".join(command.split())


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command."""
    return subprocess.run(
        command, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True
    )


def test_it_says_what_it_is_in_ten_lines() -> None:
    introduction = README.partition("<table>")[0]
    lines = [line for line in introduction.splitlines()[1:] if line]
    assert 5 <= len(lines) <= 10


@pytest.mark.parametrize(
    ("index", "path"),
    [(0, "examples/static/workflow.py"), (1, "generated/provision_database.py")],
)
def test_workflow_and_script_are_what_the_files_say(index: int, path: str) -> None:
    table = README.partition("<table>")[2].partition("</table>")[0]
    assert path in table
    shown = blocks(table, "python")[index]
    text = (ROOT / path).read_text(encoding="utf-8")
    place = 0
    for excerpt in shown.split("...\n"):
        assert len(excerpt.splitlines()) > 4
        found = re.search(
            rf"^( *){re.escape(excerpt.splitlines()[0])}$", text[place:], re.M
        )
        assert found, excerpt
        start = place + found.start()
        wanted = textwrap.indent(excerpt, found[1])
        assert text[start:].startswith(wanted), excerpt
        place = start + len(wanted)


def test_the_quick_start_is_one_command_that_builds_and_runs() -> None:
    command = one_command("Quick start")
    assert command.startswith("python3 -m venv .venv && ")
    for path in re.findall(r"(?:examples|generated)/\S+\.py", command):
        assert (ROOT / path).is_file()
    # tests/test_postgres_example.py runs it, and holds its output against this report.
    from test_postgres_example import REPORT

    (shown,) = blocks(section("Quick start"))
    assert shown.endswith("\n  ...\n")
    assert REPORT.startswith(shown.removesuffix("  ...\n"))


def test_the_tests_are_one_command() -> None:
    assert one_command("Tests").startswith("python3 -m venv --upgrade-deps .venv && ")
    assert one_command("Tests").endswith("&& .venv/bin/pytest")


@pytest.fixture
def hello(tmp_path: Path) -> Path:
    """Return a folder with the workflow that the README shows."""
    (text,) = blocks(section("A workflow of your own"), "python")
    (tmp_path / "hello.py").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_workflow_of_your_own_works_as_told(hello: Path) -> None:
    (block,) = blocks(section("A workflow of your own"))
    outputs = []
    for line in block.splitlines():
        command, _, told = line.partition("#")
        assert told
        program, *arguments = command.split()
        programs = {".venv/bin/flowc": FLOWC, "python3": Path(sys.executable)}
        # `-S`: nothing that is installed is found.
        bare = ["-S"] if program == "python3" else []
        finished = run(programs[program], *bare, *arguments, cwd=hello)
        assert finished.returncode == 0, finished.stderr
        outputs.append(finished.stdout)
    direct, built, checked, verified, linted, plan, scripted = outputs
    guests = ("Bob", "Eve", "Mallory")
    assert direct == "".join(f"Grace says hello to {guest}\n" for guest in guests)
    assert (built, checked, verified, linted) == ("", "", "", "")
    assert "for each guest in" in plan
    assert "says hello" not in plan
    assert scripted == direct


def test_the_workflow_of_your_own_is_typed(hello: Path) -> None:
    for name in ("hello.py", "generated/welcome.py"):
        run(FLOWC, "build", "hello.py", cwd=hello)
        checked = run(sys.executable, "-m", "mypy", "--strict", name, cwd=hello)
        assert checked.returncode == 0, checked.stdout


def test_the_table_has_all_combinators() -> None:
    table = "".join(re.findall(r"^\|.*\n", section("A workflow of your own"), re.M))
    named = set(re.findall(r"`(\w+)`", table))
    values = {name for name in flow.__all__ if name.islower()}
    decorators = {"step", "extract", "transform", "consume", "predicate", "workflow"}
    told_as_others = {"and_", "or_", "not_", "fallback_to", "provider"}
    told_as_others |= {"fixed_backoff", "exponential_backoff"}
    assert named == values - decorators - told_as_others


def test_every_combinator_that_is_named_exists() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    named = set(re.findall(r"\bflow\.([a-z]\w*)", text))
    assert {"do", "retry", "for_each", "when"} <= named
    assert named <= set(flow.__all__)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# ")
    prose = re.sub(r"^ *```.*?^ *```$", "", text, flags=re.M | re.S)
    links = re.findall(r"\]\(([^)\s]+)\)", prose) + re.findall(r'href="([^"]+)"', prose)
    for link in links:
        target, _, anchor = link.partition("#")
        if "://" in target:
            continue
        path = page.parent / target if target else page
        assert path.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.M)
            slugs = {
                re.sub(r"[^\w -]", "", h.lower()).replace(" ", "-") for h in headings
            }
            assert anchor in slugs, link


def test_the_indexes_name_all_pages_and_examples() -> None:
    index = (ROOT / "docs/index.md").read_text(encoding="utf-8")
    for page in sorted((ROOT / "docs").glob("*.md")):
        if page.name != "index.md":
            assert f"({page.name})" in index
    table = (ROOT / "examples/README.md").read_text(encoding="utf-8")
    for path in sorted((ROOT / "examples").glob("*/workflow.py")):
        assert f"({path.parent.name}/workflow.py)" in table
    for path in SCRIPTS:
        assert f"(../generated/{path.name})" in table


def test_the_licence_is_the_unmodified_text() -> None:
    import hashlib

    digest = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    # That of https://www.apache.org/licenses/LICENSE-2.0.txt
    assert digest == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
