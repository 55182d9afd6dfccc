"""The wheel, installed in an environment of its own, away from the checkout."""

from __future__ import annotations

import email
import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = sorted(
    path.name for path in (ROOT / "generated").glob("*.py") if path.stem != "__init__"
)


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command that knows nothing of this environment, nor of the checkout."""
    hidden = ("PYTHON", "VIRTUAL_ENV", "PYTEST")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(hidden)}
    return subprocess.run(
        command,
        cwd=cwd,
        env={**environment, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )


def succeed(*command: str | Path, cwd: Path) -> str:
    """Run a command that must succeed; return its standard output."""
    finished = run(*command, cwd=cwd)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from a copy of the checkout; return its path."""
    folder = tmp_path_factory.mktemp("wheel")
    ignored = shutil.ignore_patterns(".*", "__pycache__", "build", "dist")
    shutil.copytree(ROOT, folder / "checkout", ignore=ignored)
    arguments = ("--wheel", "--no-isolation", "--outdir", folder / "dist")
    succeed(sys.executable, "-m", "build", *arguments, cwd=folder / "checkout")
    (built,) = (folder / "dist").iterdir()
    return built


@pytest.fixture(scope="module")
def bin(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel, and what the examples import, in an environment of its own."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    programs = folder / "bin"
    packages = (wheel, "psycopg[binary]>=3.2")
    succeed(programs / "pip", "install", "--quiet", *packages, cwd=folder)
    return programs


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project of an author's, with the examples' workflows."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "examples", tmp_path / "examples", ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_wheel_ships_what_is_needed(wheel: Path) -> None:
    templates = {
        f"transpiler/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "templates").rglob("*")
        if path.suffix in (".jinja", ".py")
    }
    pages = {
        f"transpiler/diagnostics_pages/{path.name}"
        for path in (ROOT / "docs" / "diagnostics").glob("*.md")
    }
    modules = {
        path.relative_to(ROOT).as_posix() for path in ROOT.glob("transpiler/**/*.py")
    }
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        text = archive.read("flowc-0.1.0.dist-info/METADATA").decode()
        licence = archive.read("flowc-0.1.0.dist-info/licenses/LICENSE")
        commands = archive.read("flowc-0.1.0.dist-info/entry_points.txt").decode()
    assert len(templates) > 5
    assert names >= templates | pages | modules | {"transpiler/py.typed"}
    # And nothing else: no tests, no examples, no bytecode.
    others = names - templates - pages - modules - {"transpiler/py.typed"}
    assert {name.partition("/")[0] for name in others} == {"flowc-0.1.0.dist-info"}
    assert licence == (ROOT / "LICENSE").read_bytes()
    assert "flowc = transpiler.cli:main" in commands

    metadata = email.message_from_string(text)
    assert metadata["Name"] == "flowc"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_payload() == (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_installed_command_builds_the_same_bytes(bin: Path, project: Path) -> None:
    assert succeed(bin / "flowc", "--version", cwd=project) == "flowc 0.1.0\n"
    succeed(bin / "flowc", "build", cwd=project)
    built = project / "generated"
    assert sorted(path.name for path in built.glob("*.py")) == ["__init__.py", *SCRIPTS]
    for name in SCRIPTS:
        assert (built / name).read_bytes() == (ROOT / "generated" / name).read_bytes()
    assert succeed(bin / "flowc", "check", cwd=project) == ""
    page = (ROOT / "docs" / "diagnostics" / "FLOW104.md").read_text(encoding="utf-8")
    assert succeed(bin / "flowc", "explain", "FLOW104", cwd=project) == page


def test_the_checkout_plays_no_part(bin: Path, project: Path) -> None:
    place = "import transpiler; print(transpiler.__file__)"
    shown = succeed(bin / "python", "-c", place, cwd=project)
    assert Path(shown.strip()).is_relative_to(bin.parent)


def test_the_installed_package_runs_a_workflow(bin: Path, project: Path) -> None:
    workflow = "examples/static/workflow.py"
    finished = run(bin / "flowc", "run", workflow, "--set", "name=audit", cwd=project)
    assert finished.returncode == 0
    assert "INFO create instance audit" in finished.stderr


def test_the_command_is_also_a_module(bin: Path, project: Path) -> None:
    shown = succeed(bin / "python", "-m", "transpiler", "--help", cwd=project)
    assert shown == succeed(bin / "flowc", "--help", cwd=project)
