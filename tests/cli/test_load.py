"""Importing the author's file: what works, and what is said where it doesn't."""

from __future__ import annotations

import sys
import typing
from pathlib import Path

import pytest
from flows import WORKFLOW, Write

from transpiler.diagnostics import Diagnostic, TranspileError
from transpiler.frontend.imports import project_root, source_name
from transpiler.frontend.load import loaded


def names(path: Path) -> list[str]:
    with loaded(path) as module:
        return [entry.name for entry in module.entry_points()]


def diagnostic(path: Path, name: str | None = None) -> Diagnostic:
    with pytest.raises(TranspileError) as caught, loaded(path) as module:
        module.entry_point(name).step()
    (found,) = caught.value.diagnostics
    return found


def test_absolute_relative_and_sibling_imports_work(write: Write) -> None:
    write("company/__init__.py", "")
    write("company/hosts.py", "HOSTS = ['a']")
    write("flows/__init__.py", "")
    write("flows/naming.py", "NAME = 'b'")
    write("src/library.py", "SIZE = 3")
    path = write(
        "flows/work.py",
        "from company.hosts import HOSTS\n"
        "from .naming import NAME\n"
        "import naming, library\n"
        "assert (HOSTS, NAME, naming.NAME, library.SIZE) == (['a'], 'b', 'b', 3)\n"
        "assert __name__ == 'flows.work'\n" + WORKFLOW,
    )
    assert names(path) == ["provision"]


def test_files_of_one_name_in_different_folders_do_not_clash(write: Write) -> None:
    for folder in ("a", "b"):
        write(f"{folder}/settings.py", f"NAME = {folder!r}")
        write(f"{folder}/workflow.py", "import settings\n" + WORKFLOW)
    for folder in ("a", "b"):
        with loaded(Path(folder, "workflow.py")) as module:
            assert folder == module.module.settings.NAME
    assert "settings" not in sys.modules
    assert "workflow" not in sys.modules


def test_the_module_is_in_sys_modules_while_it_is_loaded(write: Write) -> None:
    path = write(
        "spec.py",
        "from __future__ import annotations\nfrom dataclasses import dataclass\n"
        "@dataclass\nclass Spec:\n    other: Spec | None = None\n",
    )
    with loaded(path) as module:
        spec = module.module.Spec
        assert typing.get_type_hints(spec)["other"] == spec | None


def test_what_the_caller_has_imported_is_put_back(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = write("helper.py", "VALUE = 1")
    monkeypatch.syspath_prepend(str(helper.parent))
    import helper as before  # type: ignore[import-not-found]

    write("helper.py", "VALUE = 2222")
    path = write("work.py", "import helper\nVALUE = helper.VALUE\n")
    with loaded(path) as module:
        assert module.module.VALUE == 2222
    assert sys.modules["helper"] is before
    assert before.VALUE == 1
    monkeypatch.delitem(sys.modules, "helper")


def test_nothing_is_left_in_the_authors_folder(write: Write, project: Path) -> None:
    path = write("work.py", "import other")
    write("other.py", "")
    search_path = sys.path[:]
    with loaded(path):
        pass
    assert not list(project.rglob("__pycache__"))
    assert sys.path == search_path


@pytest.mark.parametrize("name", ["logging.py", "my-flow.py", "transpiler.py"])
def test_a_file_may_have_any_name(write: Write, name: str) -> None:
    assert names(write(name, WORKFLOW)) == ["provision"]


def test_entry_points_are_those_defined_in_the_file(write: Write) -> None:
    write("other.py", WORKFLOW)
    path = write(
        "work.py",
        "from other import *\nfrom other import provision as imported\n"
        "from transpiler import flow\n"
        "zone = flow.do()\n_part = flow.do()\n\n"
        "@flow.workflow\ndef deploy():\n    return _part\n\nalias = deploy\n",
    )
    assert names(path) == ["zone", "deploy"]


def test_a_decorated_step_is_not_an_entry_point(write: Write) -> None:
    text = "from transpiler import flow\n@flow.step\ndef greet(s: int) -> None: ...\n"
    assert names(write("work.py", text)) == []


def test_missing_file(write: Write) -> None:
    write("workflow.py", "")
    found = diagnostic(Path("workflo.py"))
    assert found.code == "FLOW001"
    assert found.hint == "did you mean workflow.py?"


def test_syntax_error_has_carets(write: Write) -> None:
    found = diagnostic(write("work.py", 'x = "é" +* 3\n'))
    assert found.code == "FLOW002"
    assert (found.span.line, found.span.column, found.span.end_column) == (1, 9, 10)


def test_syntax_error_of_an_imported_module_is_shown_there(write: Write) -> None:
    write("other.py", "def (:\n")
    found = diagnostic(write("work.py", "import other\n"))
    assert found.code == "FLOW002"
    assert found.span.path.endswith("other.py")


def test_import_error_points_at_the_authors_innermost_line(write: Write) -> None:
    write("other.py", 'import json\n\n\ndef read():\n    é = "ü", json.loads("{")\n')
    path = write("work.py", "import other\nother.read()\n")
    found = diagnostic(path)
    assert found.code == "FLOW003"
    assert found.message.startswith(
        "importing this raises json.decoder.JSONDecodeError"
    )
    assert found.span.path.endswith("other.py")
    assert (found.span.line, found.span.column, found.span.end_column) == (5, 13, 28)
    assert [note.span.line for note in found.notes] == [2]


def test_missing_module_says_where_to_install_it(write: Write) -> None:
    found = diagnostic(write("work.py", "import no_such_module.part\n"))
    assert found.code == "FLOW003"
    assert "No module named 'no_such_module'" in found.message
    assert found.hint.startswith("install no_such_module")


def test_process_exit_is_an_error_and_an_interrupt_passes(write: Write) -> None:
    found = diagnostic(write("work.py", "raise SystemExit(3)\n"))
    assert found.code == "FLOW003"
    assert found.message == "importing this ends the process: SystemExit(3)"
    path = write("stop.py", "raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt), loaded(path):
        pass


def test_no_entry_point(write: Write) -> None:
    assert diagnostic(write("work.py", "x = 1\n")).code == "FLOW004"


def test_no_such_name_suggests_one(write: Write) -> None:
    found = diagnostic(write("work.py", WORKFLOW), "provison")
    assert (found.code, found.hint) == ("FLOW005", "did you mean provision?")


@pytest.mark.parametrize("name", ["plain", "greet", "Spec", "flow", "imported"])
def test_not_a_workflow(write: Write, name: str) -> None:
    write("other.py", WORKFLOW)
    text = (
        "from transpiler import flow\nfrom other import greet\n"
        "from other import provision as imported\n\n\n"
        "def plain(spec): ...\n\n\nclass Spec: ...\n"
    )
    found = diagnostic(write("work.py", text), name)
    assert found.code == "FLOW006"
    assert found.span.line > 0
    assert found.hint


def test_a_decorated_step_is_told_from_a_workflow(write: Write) -> None:
    found = diagnostic(write("work.py", WORKFLOW), "greet")
    assert found.message == "greet is not a workflow but a step"
    assert "greet_workflow = flow.do(greet)" in found.hint


def test_what_the_workflow_function_raises_is_the_authors(write: Write) -> None:
    text = "from transpiler import flow\n@flow.workflow\ndef w():\n    return {}['a']\n"
    found = diagnostic(write("work.py", text), "w")
    assert found.code == "FLOW008"
    assert found.message == "building w raises KeyError: 'a'"
    assert found.span.line == 4


def test_sources_are_named_from_the_project(tmp_path: Path) -> None:
    path = tmp_path / "a" / "pkg" / "w.py"
    path.parent.mkdir(parents=True)
    path.touch()
    assert source_name(path) == "w.py"
    (path.parent / "__init__.py").touch()
    assert source_name(path) == "pkg/w.py"
    (tmp_path / ".git").mkdir()
    assert source_name(path) == "a/pkg/w.py"
    (tmp_path / "a" / "pyproject.toml").touch()
    assert project_root(path) == tmp_path / "a"


def test_an_unreadable_file_is_said_to_be_so(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not by its mode: to a privileged user, every file is readable."""
    path = write("workflow.py", WORKFLOW)

    def refuse(self: Path, mode: str = "r") -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    found = diagnostic(path)
    assert (found.code, found.message) == (
        "FLOW001",
        "this can't be read: Permission denied",
    )
