"""What is first-party, and which distributions the rest comes from."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from projects import FLOW, Projects

from transpiler.diagnostics import TranspileError
from transpiler.frontend import distributions
from transpiler.frontend.project import project_of

RUN = "\n\n@flow.step\ndef run(state: list[object]) -> None:\n    "


@pytest.fixture
def outside(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A folder on the path which is not part of the project."""
    folder = tmp_path_factory.mktemp("outside")
    (folder / "flowc_neighbour.py").write_text("def near() -> int:\n    return 1\n")
    monkeypatch.syspath_prepend(str(folder))
    yield folder


def test_the_rule(projects: Projects) -> None:
    projects.write(
        {
            "shop/__init__.py": "",
            "vendored.py": "",
            ".venv/lib/python3.11/site-packages/dep.py": "",
            "pyproject.toml": "[tool.flowc]\nfirst-party = ['click', '!vendored']\n",
        }
    )
    project = project_of(projects.root / "shop/__init__.py")
    with projects.imported():
        assert project.is_first_party("shop")
        assert not project.is_first_party("vendored")
        assert project.is_first_party("click.core")
        assert not project.is_first_party("jinja2")
        assert not project.is_first_party("json")
        assert not project.is_first_party("transpiler.flow")
        assert not project.is_first_party("missing")
    inside = projects.root / ".venv/lib/python3.11/site-packages/dep.py"
    assert not project.place.is_first_party(str(inside))


def test_requirements_are_those_of_the_project(projects: Projects) -> None:
    packed = projects.pack(
        {
            "pyproject.toml": """
                [project]
                name = "x"
                version = "1"
                dependencies = ["Jinja2 >=3, <4", "unrelated>=1"]

                [project.optional-dependencies]
                db = ["psycopg[binary]>=3.2; python_version > '3'"]

                [dependency-groups]
                dev = ["libcst>=1.5", {include-group = "other"}]
                """,
            "helpers.py": "import click\nimport jinja2.sandbox as s\n\n\n"
            "def load(x: str) -> object:\n    import libcst\n\n"
            "    return click.echo(x), s, libcst\n\n\n"
            "def unused() -> object:\n    import black\n\n    return black\n",
            "workflow.py": FLOW
            + "from typing import TYPE_CHECKING\n\nfrom helpers import load\n\n"
            "if TYPE_CHECKING:\n    from pytest import Item\n\n"
            "try:\n    import psycopg\nexcept ImportError:\n    psycopg = None\n"
            f"{RUN}x: Item | None = None\n    load('x'), psycopg\n",
        },
        "run",
    )
    assert packed.bundle.dependencies == (
        "Jinja2 >=3, <4",
        "click",
        "libcst>=1.5",
        "psycopg[binary]>=3.2; python_version > '3'",
    )


def test_a_module_of_nobody(projects: Projects, outside: Path) -> None:
    files = {
        "workflow.py": f"{FLOW}from flowc_neighbour import near{RUN}near()\n",
    }
    found = projects.refused(files, "run")
    assert [d.code for d in found] == ["FLOW309"]
    assert 'first-party = ["flowc_neighbour"]' in found[0].hint
    files["pyproject.toml"] = "[tool.flowc]\nfirst-party = ['flowc_neighbour']\n"
    assert projects.pack(files, "run").names == ["near", "run"]


def test_a_distribution_that_is_not_installed(projects: Projects) -> None:
    packed = projects.pack(
        {
            "pyproject.toml": "[project]\ndependencies = ['Fast_Json>=2']\n",
            "workflow.py": f"{FLOW}try:\n    import fast_json\nexcept ImportError:\n"
            f"    fast_json = None\n{RUN}print(fast_json)\n",
        },
        "run",
    )
    assert packed.bundle.dependencies == ("Fast_Json>=2",)


def test_namespaces_of_several_distributions(monkeypatch: pytest.MonkeyPatch) -> None:
    packages = {"google": ["google-auth", "google-storage"]}
    files = {
        "google-auth": ["google/auth/__init__.py"],
        "google-storage": ["google/cloud/storage/__init__.py"],
    }
    monkeypatch.setattr(distributions, "_packages", lambda: packages)
    monkeypatch.setattr(metadata, "files", files.get)
    assert distributions.distributions_of("google.cloud.storage") == ["google-storage"]
    assert distributions.distributions_of("google.auth.x") == ["google-auth"]
    assert distributions.distributions_of("google") == ["google-auth", "google-storage"]
    assert distributions.distributions_of("nothing") == []


def test_a_pyproject_that_is_not_toml(projects: Projects) -> None:
    projects.write({"pyproject.toml": "= 1\n", "workflow.py": ""})
    with pytest.raises(TranspileError) as caught:
        project_of(projects.root / "workflow.py")
    assert caught.value.diagnostics[0].code == "FLOW317"


def test_what_is_tried_and_not_asked_for_is_no_requirement(projects: Projects) -> None:
    packed = projects.pack(
        {
            "pyproject.toml": "[project]\nrequires-python = '>=3.12, <4'\n",
            "workflow.py": f"{FLOW}try:\n    import jinja2\nexcept ImportError:\n"
            f"    jinja2 = None\n{RUN}import click\n    print(jinja2, click)\n",
        },
        "run",
    )
    assert packed.bundle.dependencies == ("click",)
    assert packed.bundle.python == ">=3.12, <4"


@pytest.mark.parametrize(
    ("asked", "python"),
    [
        (">=3.8", ">=3.11"),
        ("", ">=3.11"),
        ("~=3.10", ">=3.11"),
        (">=3.13", ">=3.13"),
        ("<4,>= 3.12", "<4,>= 3.12"),
    ],
)
def test_versions_of_python(projects: Projects, asked: str, python: str) -> None:
    projects.write(
        {"pyproject.toml": f"[project]\nrequires-python = '{asked}'\n", "a.py": ""}
    )
    project = project_of(projects.root / "a.py")
    assert distributions.python_of(project) == python
