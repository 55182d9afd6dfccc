"""`flowc trace`: a trace is read, filtered, and drawn."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from transpiler.cli import cli
from transpiler.trace import (
    Broken,
    Filter,
    duration_text,
    read_duration,
    read_time,
    read_trace,
    tree_of,
)


def line(path: str, start: float, duration: float, error: str = "") -> str:
    """Return a line of a trace; `start` is in seconds after 10:00."""
    kind, _, message = error.partition(": ")
    told = {"type": kind, "message": message} if error else None
    return json.dumps(
        {
            "names": path.split("/"),
            "start": f"2026-03-01T10:00:{start:09.6f}+00:00",
            "duration": duration,
            "error": told,
        }
    )


# Two tenants at once; the parts stand in the order in which they ended.
LINES = [
    line("deploy/gate", 0.0, 0.02),
    line("deploy/tenant a/copy", 1.0, 0.5),
    line("deploy/tenant b/copy", 1.1, 1.25, "ConnectionError: refused\nby b.example"),
    line("deploy/tenant b", 1.05, 1.4, "ConnectionError: refused\nby b.example"),
    line("deploy/tenant a/index", 1.5, 2.0),
    line("deploy/tenant a", 0.95, 2.6),
    line("deploy", 0.0, 62.0, "ConnectionError: refused\nby b.example"),
]

TREE = """\
deploy      1 min 02 s  ConnectionError: refused by b.example
  gate           20 ms
  tenant a      2.60 s
    copy        500 ms
    index       2.00 s
  tenant b      1.40 s  ConnectionError: refused by b.example
    copy        1.25 s  ConnectionError: refused by b.example
"""

Show = Callable[..., Result]


@pytest.fixture
def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Show]:
    """Return a function that writes lines to trace.jsonl and shows it."""
    monkeypatch.chdir(tmp_path)

    def show_trace(options: str = "", lines: list[str] = LINES, **more: Any) -> Result:
        Path("trace.jsonl").write_text("".join(f"{x}\n" for x in lines), "utf-8")
        arguments = ["trace", "trace.jsonl", *shlex.split(options)]
        return CliRunner().invoke(cli, arguments, prog_name="flowc", **more)

    yield show_trace


def test_a_trace_is_drawn_as_a_tree(show: Show) -> None:
    shown = show()
    assert (shown.exit_code, shown.stdout) == (0, TREE)
    assert shown.stderr == "7 parts, 3 failed\n"


def test_a_list_has_whole_paths_in_the_order_of_the_starts(show: Show) -> None:
    rows = show("--flat --no-error").stdout.splitlines()
    assert rows == [
        "deploy.gate             20 ms",
        "deploy.tenant a        2.60 s",
        "deploy.tenant a.copy   500 ms",
        "deploy.tenant a.index  2.00 s",
    ]


def test_json_has_the_parts_as_they_were_written(show: Show) -> None:
    assert json.loads(show("--json").stdout) == [json.loads(x) for x in LINES]
    assert json.loads(show("--json --name nothing").stdout) == []


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ("--min-duration 2", ["deploy", "tenant a", "index"]),
        ("--min-duration 500ms --max-duration 1.25s", ["copy", "copy"]),
        ("--max-duration 0.02", ["gate"]),
        ("--error", ["deploy", "tenant b", "copy"]),
        ("--no-error", ["gate", "tenant a", "copy", "index"]),
        ("--name copy", ["copy", "copy"]),
        ("--name 'tenant ?'", ["tenant a", "tenant b"]),
        ("--name COPY", []),
        ("--path 'deploy.tenant a.*'", ["copy", "index"]),
        ("--path copy", []),
        ("--depth 1", ["deploy"]),
        ("--depth 2 --no-error", ["gate", "tenant a"]),
        ("--since 2026-03-01T10:00:01.1Z", ["copy", "index"]),
        ("--since 2026-03-01T11:00:01.1+01:00 --no-error", ["index"]),
        ("--until 2026-03-01T10:00:00", ["deploy", "gate"]),
        ("--error-text REFUSED --depth 2", ["deploy", "tenant b"]),
        ("--error-text connectionerror --name copy", ["copy"]),
        ("--error-text refused --no-error", []),
    ],
)
def test_parts_are_filtered(show: Show, options: str, found: list[str]) -> None:
    parts = json.loads(show(f"--json {options}").stdout)
    assert sorted(part["names"][-1] for part in parts) == sorted(found)


def test_the_tree_keeps_what_leads_to_the_parts_asked_for(show: Show) -> None:
    shown = show("--name index")
    assert shown.stdout.splitlines() == [
        "deploy      1 min 02 s  ConnectionError: refused by b.example",
        "  tenant a      2.60 s",
        "    index       2.00 s",
    ]
    assert shown.stderr == "1 of 7 parts\n"


def test_colours_are_for_terminals(show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b" not in show("--name copy").stdout
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured = show("--name copy", color=True).stdout
    assert click.style("ConnectionError: refused by b.example", fg="red") in coloured
    assert click.unstyle(coloured) == show("--name copy").stdout
    assert coloured.splitlines()[0].startswith("\x1b[2mdeploy")
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in show("--name copy", color=True).stdout


BROKEN = [
    LINES[0],
    "",
    LINES[1][:40],
    "[]",
    '{"names": [], "start": "2026-03-01T10:00:00Z", "duration": 1, "error": null}',
    '{"names": ["a"], "start": "today", "duration": 1, "error": null}',
    '{"names": ["a"], "start": "2026-03-01T10:00:00Z", "duration": true}',
    '{"names": ["a"], "start": "2026-03-01T10:00:00Z", "duration": NaN}',
    '{"names": ["a"], "start": "2026-03-01T10:00:00Z", "duration": 1, "error": "e"}',
    LINES[-1],
]


def test_broken_lines_do_not_hide_the_others(show: Show) -> None:
    shown = show(lines=BROKEN)
    assert shown.exit_code == 2
    assert [row.split()[0] for row in shown.stdout.splitlines()] == ["deploy", "gate"]
    total, *told = shown.stderr.splitlines()
    assert total == "2 parts, 1 failed"
    assert told[0].startswith("trace.jsonl:3: error: this is no JSON: ")
    assert told[1:] == [
        "trace.jsonl:4: error: a part has names, a start and a duration",
        "trace.jsonl:5: error: the names of a part are strings, one at least",
        "trace.jsonl:6: error: 'today' is no time: write 2026-03-01T10:00:00Z",
        "trace.jsonl:7: error: the duration of a part is a number of seconds",
        "trace.jsonl:8: error: no part takes nan seconds",
        "trace.jsonl:9: error: the error of a part has a type and a message",
    ]


def test_lines_that_are_no_utf8_are_told() -> None:
    parts, broken = read_trace([b'{"names": ["\xff"]}\n', LINES[0].encode()])
    assert [part.path for part in parts] == ["deploy.gate"]
    assert broken == [Broken(1, "this is no UTF-8")]


def test_a_trace_comes_from_standard_input_too() -> None:
    arguments = ["trace", "-", "--flat"]
    shown = CliRunner().invoke(cli, arguments, input=f"{LINES[0]}\nx\n")
    assert shown.stdout == "deploy.gate  20 ms\n"
    assert shown.stderr.splitlines()[1].startswith("-:2: error: this is no JSON")


@pytest.mark.parametrize(
    "options",
    ["--min-duration soon", "--since 'last week'", "--depth 0", "--min-duration -1"],
)
def test_wrong_options_are_usage_errors(show: Show, options: str) -> None:
    shown = show(options)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert f"Invalid value for '{options.split()[0]}'" in shown.stderr


def test_a_file_that_is_not_there_is_a_usage_error() -> None:
    assert CliRunner().invoke(cli, ["trace", "nowhere.jsonl"]).exit_code == 2


def test_an_empty_trace_has_no_parts(show: Show) -> None:
    shown = show(lines=[])
    assert (shown.exit_code, shown.stdout, shown.stderr) == (0, "", "no parts\n")


def test_nothing_that_a_terminal_would_obey_is_shown(show: Show) -> None:
    shown = show(lines=[line("a\x1b[31m\n b", 0, 1, "E: \x07\u202e")])
    assert shown.stdout == "a\\x1b[31m b  1.00 s  E: \\x07\\u202e\n"


def drawn(lines: list[str]) -> list[Any]:
    """Return the tree of a trace as names and lists."""
    parts, broken = read_trace([text.encode() for text in lines])
    assert not broken

    def names(branches: Any) -> list[Any]:
        return [
            (branch.name if branch.part else f"({branch.name})", names(branch.inside))
            for branch in branches
        ]

    return names(tree_of(parts))


def test_parts_of_one_name_have_their_own_parts_inside() -> None:
    """The second attempt began before the first one's parent did: it is another's."""
    lines = [
        line("a/x", 0.0, 1),
        line("a/y", 1.0, 1),
        line("a", 0.0, 2),
        line("a/x", 3.0, 1),
        line("a", 3.0, 1),
    ]
    assert drawn(lines) == [("a", [("x", []), ("y", [])]), ("a", [("x", [])])]


def test_parts_of_one_name_that_ran_at_once_are_told_apart_by_their_starts() -> None:
    lines = [
        line("all/a/x", 0.1, 5),
        line("all/a/y", 2.1, 1),
        line("all/a", 2.0, 2),
        line("all/a", 0.0, 6),
        line("all", 0.0, 7),
    ]
    assert drawn(lines) == [("all", [("a", [("x", [])]), ("a", [("y", [])])])]


def test_parts_around_that_are_not_in_the_file_have_a_name_only() -> None:
    """A run that was killed, or names around the trace itself."""
    lines = [
        line("a/b/c", 1, 1),
        line("a/b/c/deep/deeper", 3, 1),
        line("a/e", 0, 1),
    ]
    deep: list[Any] = [("c", []), ("(c)", [("(deep)", [("deeper", [])])])]
    inside: list[Any] = [("e", []), ("(b)", deep)]
    assert drawn(lines) == [("(a)", inside)]


def test_what_is_only_named_is_drawn_without_a_duration(show: Show) -> None:
    shown = show(lines=[line("a/b", 0, 1)])
    assert shown.stdout == "a         -\n  b  1.00 s\n"


def test_a_part_below_a_broken_line_stays_inside_of_what_is_around_it() -> None:
    assert drawn([line("a/b/c", 0, 1), line("a", 0, 3)]) == [
        ("a", [("(b)", [("c", [])])])
    ]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("2", 2), ("2s", 2), ("250ms", 0.25), (".5 min", 30), ("1h", 3600), ("3m", 180)],
)
def test_durations_are_read(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "2 weeks", "-1", "1e3", "1.2.3", "s"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no duration"):
        read_duration(text)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0.00 ms"),
        (0.00094, "0.94 ms"),
        (0.00949, "9.5 ms"),
        (0.00996, "10 ms"),
        (0.9994, "999 ms"),
        (0.9996, "1.00 s"),
        (59.994, "59.99 s"),
        (59.996, "1 min 00 s"),
        (3599.4, "59 min 59 s"),
        (3599.6, "1 h 00 min"),
        (90061, "25 h 01 min"),
    ],
)
def test_durations_are_told_as_people_do(seconds: float, text: str) -> None:
    assert duration_text(seconds) == text


def test_times_without_a_zone_are_utc() -> None:
    assert read_time("2026-03-01T10:00") == read_time("2026-03-01T11:00:00+01:00")


def test_a_filter_without_conditions_takes_all() -> None:
    parts, _ = read_trace([text.encode() for text in LINES])
    assert all(map(Filter().matches, parts))


def test_many_parts_are_drawn_quickly() -> None:
    """A tree of 20,000 parts in one level, which ended in any order."""
    lines = [line(f"all/part {n * 7919 % 20000}", n % 60, 0.1) for n in range(20000)]
    parts, _ = read_trace([text.encode() for text in [*lines, line("all", 0, 99)]])
    (root,) = tree_of(parts)
    assert len(root.inside) == 20000
