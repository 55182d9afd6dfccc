"""Which values of the environment are recorded, and where they are found again."""

from __future__ import annotations

import base64
import enum
import getpass
import locale
import logging
import os
import re
import string
import subprocess
import sys
import tempfile
import types
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from transpiler.frontend.literals import literal
from transpiler.frontend.secrets import (
    STRONG,
    Reads,
    recording_environment,
    strength,
)

TOKEN = "ghp_x9Kf2Qp77ZtLw0"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPLOY", TOKEN)
    monkeypatch.setenv("DB_PASSWORD", "hunter2")


def reads_of(name: str, value: str, *, named: bool = True) -> Reads:
    reads = Reads()
    reads.record(name, value, named=named)
    return reads


def by_expandvars() -> str:
    return os.path.expandvars("$DEPLOY/x")


def by_template() -> str:
    return string.Template("$DEPLOY").substitute(os.environ)


READERS: dict[str, Callable[[], object]] = {
    "subscript": lambda: os.environ["DEPLOY"],
    "get": lambda: os.environ.get("DEPLOY"),
    "getenv": lambda: os.getenv("DEPLOY", ""),
    "getenvb": lambda: os.getenvb(b"DEPLOY"),
    "environb": lambda: os.environb[b"DEPLOY"],
    "expandvars": by_expandvars,
    "template": by_template,
    "map": lambda: list(map(os.getenv, ["DEPLOY"])),
    "items": lambda: list(os.environ.items()),
    "values": lambda: list(os.environ.values()),
    "dict": lambda: dict(os.environ),
    "copy": lambda: os.environ.copy(),
    "union": lambda: os.environ | {},
    "unpacked": lambda: {**os.environ},
    "repr": lambda: repr(os.environ),
    "setdefault": lambda: os.environ.setdefault("DEPLOY", ""),
    "pop": lambda: os.environ.pop("DEPLOY"),
}


@pytest.mark.parametrize("reader", READERS)
def test_every_way_to_read_is_recorded(reader: str) -> None:
    with recording_environment() as reads:
        value = READERS[reader]()
    assert TOKEN in str(value)
    assert reads.found_in(f"Bearer {TOKEN}") == "DEPLOY"
    assert reads.found_in("Bearer") is None


def test_an_imported_environ_is_the_same_object() -> None:
    from os import environ

    with recording_environment() as reads:
        assert environ is os.environ
        assert environ["DEPLOY"] == TOKEN
    assert reads.names == ("DEPLOY",)


def test_what_is_not_read_is_not_recorded() -> None:
    with recording_environment() as reads:
        assert "DEPLOY" in os.environ
        assert "NOT_SET_ANYWHERE" not in os.environ
        assert os.environ.get("NOT_SET_ANYWHERE", TOKEN) == TOKEN
        assert "DEPLOY" in list(os.environ)
        with pytest.raises(TypeError):
            3 in os.environ  # type: ignore[comparison-overlap]  # noqa: B015
        with pytest.raises(KeyError):
            os.environ["NOT_SET_ANYWHERE"]
    assert reads.names == ()
    assert reads.found_in(TOKEN) is None


def test_reads_outside_are_not_recorded_and_all_is_as_before() -> None:
    kinds = type(os.environ), type(os.environb)
    held = dict(vars(os.environ))
    with recording_environment() as reads:
        assert type(os.environ) is not kinds[0]
        list(os.environ)
        next(iter(os.environ))
    assert (type(os.environ), type(os.environb)) == kinds
    assert vars(os.environ) == held
    assert os.environ["DEPLOY"] == TOKEN
    assert reads.names == ()


def test_it_ends_whatever_happens() -> None:
    before = type(os.environ)
    with pytest.raises(KeyboardInterrupt), recording_environment():
        raise KeyboardInterrupt
    assert type(os.environ) is before


def test_it_nests() -> None:
    before = type(os.environ)
    with recording_environment() as outer:
        with recording_environment() as inner:
            os.environ["DEPLOY"]
        os.environ["DB_PASSWORD"]
        assert type(os.environ) is not before
    assert type(os.environ) is before
    assert inner.names == ("DEPLOY",)
    assert outer.names == ("DEPLOY", "DB_PASSWORD")


def test_one_may_end_before_one_that_began_later() -> None:
    before = type(os.environ)
    first, second = recording_environment(), recording_environment()
    one, two = first.__enter__(), second.__enter__()
    first.__exit__(None, None, None)
    assert os.environ["DEPLOY"] == TOKEN
    second.__exit__(None, None, None)
    assert type(os.environ) is before
    assert (one.names, two.names) == ((), ("DEPLOY",))


def test_another_environ_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", {"DEPLOY": TOKEN})
    with recording_environment() as reads:
        assert os.environ["DEPLOY"] == TOKEN
    assert reads.names == ()


def test_writes_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WRITTEN", raising=False)
    with recording_environment():
        os.environ["WRITTEN"] = "value"
        assert os.environ["WRITTEN"] == "value"
        assert os.environb[b"WRITTEN"] == b"value"
        os.environ["WRITTEN"] = "other"
    assert os.environ["WRITTEN"] == "other"
    # monkeypatch puts back what it knew, which was nothing.
    os.environ.pop("WRITTEN")


def test_the_standard_library_reads_for_its_own_ends() -> None:
    with recording_environment() as reads:
        locale.getlocale()
        tempfile._candidate_tempdir_list()  # type: ignore[attr-defined]
        logging.getLogger("x").debug("%s", "y")
        subprocess.run([sys.executable, "-c", ""], check=True)
        assert reads.names == ()
        # This one hands out what it reads.
        getpass.getuser()
    assert set(reads.names) <= {"LOGNAME", "USER", "LNAME", "USERNAME"}


def _module(filename: str, source: str) -> types.ModuleType:
    module = types.ModuleType("a_module")
    exec(compile(source, filename, "exec"), module.__dict__)
    return module


def test_our_own_reads_do_not_count() -> None:
    import transpiler

    ours = str(Path(transpiler.__file__).parent / "reporting.py")
    source = "import os\ndef read(): return os.environ['DEPLOY']"
    installed = f"{sys.prefix}/lib/python3.11/site-packages/x/__init__.py"
    with recording_environment() as reads:
        assert _module(ours, source).read() == TOKEN
        assert not reads.names
        assert _module(installed, source).read() == TOKEN
        assert reads.found_in(TOKEN) == "DEPLOY"


@pytest.mark.parametrize(
    "value",
    ["", "1", "0", "true", "False", "yes", "/", "/root", "C.UTF-8", "en_US.UTF-8"]
    + ["POSIX", "8080", "3.11", "info", "WARNING", "localhost", "/usr/local/bin"]
    + ["/bin/bash", "/usr/bin:/bin", "/tmp", "eu", "root", "/dev/null", "disabled"],
)
def test_what_says_nothing_is_no_false_alarm(value: str) -> None:
    texts = ["true story", "/root/.ssh", "port 8080", "/usr/local/bin/psql", value]
    assert reads_of("SETTING", value).found_in(texts) is None


@pytest.mark.parametrize("value", ["true", "none", "/root", "C.UTF-8", "abc", ""])
def test_a_secrets_name_does_not_make_a_secret(value: str) -> None:
    assert reads_of("API_KEY", value).found_in(value) is None


@pytest.mark.parametrize(
    "name", ["LANG", "LC_ALL", "SHELL", "TERM", "TZ", "EDITOR", "PWD", "_"]
)
def test_a_session_is_no_false_alarm(name: str) -> None:
    assert reads_of(name, "xterm-256color-x1").found_in("xterm-256color-x1") is None


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        # A secret by its name, though short.
        ("DB_PASSWORD", "hunter2", "hunter2"),
        ("DB_PASSWORD", "hunter2", "ALTER USER app PASSWORD 'hunter2'"),
        ("PGPASSWORD", "pass1234", "xpass1234x"),
        ("githubToken", "abcdefgh", "Bearer abcdefgh"),
        ("SIGNING-KEY", "word", "the word"),
        # By what it says.
        (
            "DSN_URL",
            "postgres://app:pw@db.internal/x",
            "postgres://app:pw@db.internal/x",
        ),
        ("X", TOKEN, f"a{TOKEN}b"),
        ("X", f"{TOKEN}\n", TOKEN),
        ("X", "db-7.eu-west-1.example.com", "host=db-7.eu-west-1.example.com"),
        ("ACCOUNT", "123456789012", "arn:aws:iam::123456789012:role/x"),
        ("HOME", "/home/ada", "/home/ada/data"),
        # In an encoding that hides nothing.
        ("X", TOKEN, TOKEN.upper()),
        ("X", TOKEN, f"key-{TOKEN.lower()}"),
        ("X", TOKEN, base64.b64encode(TOKEN.encode()).decode()),
        ("X", f"{TOKEN}?>", base64.urlsafe_b64encode(f"{TOKEN}?>".encode()).decode()),
        ("X", TOKEN, f"Basic {base64.b64encode(f'app:{TOKEN}'.encode()).decode()}"),
        ("X", TOKEN, f"0x{TOKEN.encode().hex()}"[2:]),
        ("DB_PASSWORD", "hunter2", base64.b64encode(b"app:hunter2").decode()),
        ("DB_PASSWORD", "p@ss/word#1", "postgres://app:p%40ss%2Fword%231@db"),
        ("X", TOKEN, TOKEN.encode("utf-16-le").decode()),
        # A piece of it.
        ("X", f'{{"user": "app", "key": "{TOKEN}"}}', TOKEN),
        ("X", f"{TOKEN},second", TOKEN),
        # All of a text.
        ("REGION", "eu-west-1", "eu-west-1"),
        ("STAGE", "production", "production"),
    ],
)
def test_found(name: str, value: str, text: str) -> None:
    assert reads_of(name, value).found_in(text) == name


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("DB_PASSWORD", "hunter2", "hunter22"),
        ("DB_PASSWORD", "abc", "abc"),
        ("REGION", "eu-west-1", "eu-west-1a"),
        ("STAGE", "production", "production_db"),
        ("HOME", "/root", "/root/data"),
        ("KEYBOARD", "abcd", "an abcd"),
        ("X", TOKEN, "x"),
        ("X", TOKEN, TOKEN[:5]),
        ("DB_PASSWORD", "hunter2", "HUNTER2"),
        ("DB_PASSWORD", "orderly8", "an Orderly8 of ORDERLY8"),
        ("STAGE", "production", "PRODUCTION"),
        ("X", TOKEN, "production-database-of-orders/primary"),
    ],
)
def test_not_found(name: str, value: str, text: str) -> None:
    assert reads_of(name, value).found_in(text) is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("eu-west-1", False),
        ("https://github.com", False),
        ("/home/ada", False),
        ("runner-image-ubuntu-22.04", False),
        (TOKEN, True),
        ("https://app:pw@db.example.com", True),
    ],
)
def test_reading_all_of_them_counts_less(value: str, found: bool) -> None:
    reads = reads_of("X", value, named=False)
    assert (reads.found_in(value) == "X") is found
    reads.record("X", value)
    reads.record("X", value, named=False)
    assert reads.found_in(value) == "X"


def test_a_dict_of_all_is_not_asking_for_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGION", "eu-west-1")
    with recording_environment() as reads:
        everything = dict(os.environ)
    assert everything["REGION"] == "eu-west-1"
    assert "REGION" in reads.names
    assert reads.found_in("eu-west-1") is None
    with recording_environment() as reads:
        os.environ["REGION"]
    assert reads.found_in("eu-west-1") == "REGION"


class Secret(enum.Enum):
    MEMBER = TOKEN


@dataclass(slots=True)
class Config:
    name: str
    options: dict[str, object] = field(default_factory=dict)


class Holder:
    def __init__(self, held: object) -> None:
        self.held = held


def test_it_is_found_however_deep() -> None:
    itself: list[object] = []
    itself += [itself, TOKEN]
    reads = reads_of("X", TOKEN)
    account = reads_of("ACCOUNT", "123456789012")
    for value in (
        [("a", {TOKEN})],
        {TOKEN: 1},
        {"a": deque([frozenset({TOKEN})])},
        Config("a", {"b": [Config(TOKEN)]}),
        Holder(Holder(TOKEN)),
        TOKEN.encode(),
        bytearray(TOKEN.encode()),
        Path("/etc") / TOKEN,
        re.compile(f"^{TOKEN}$"),
        types.SimpleNamespace(a=TOKEN),
        itself,
    ):
        assert reads.found_in(value) == "X", value
        assert reads_of("X", "other-" + TOKEN[::-1]).found_in(value) is None
    for number in (123456789012, Decimal(123456789012)):
        assert account.found_in([number]) == "ACCOUNT"
    identity = uuid.UUID(int=2**127 + 12345)
    assert reads_of("X", str(identity)).found_in(identity) == "X"


def test_a_name_is_no_value() -> None:
    reads = reads_of("X", TOKEN)
    assert literal(Secret.MEMBER).text == "Secret.MEMBER"
    for value in (Secret.MEMBER, Secret, Config, len, os, True, None, lambda: TOKEN):
        assert reads.found_in(value) is None


def test_the_longest_value_is_named() -> None:
    reads = reads_of("HOME", "/home/ada")
    reads.record("DATA", "/home/ada/data-7Qx1")
    reads.record("ALSO", "/home/ada/data-7Qx1")
    assert reads.found_in("/home/ada/data-7Qx1/file") == "ALSO"
    assert reads.found_in("/home/ada/file") == "HOME"


def test_values_are_not_shown() -> None:
    reads = reads_of("X", TOKEN)
    assert repr(reads) == "<reads of X>"
    assert TOKEN not in repr(reads)
    assert repr(Reads()) == "<reads of nothing>"


@settings(max_examples=100, deadline=None)
@given(
    st.uuids(version=4).map(str) | st.binary(min_size=12, max_size=32).map(bytes.hex),
    st.text(),
    st.text(),
)
def test_a_random_key_is_found_in_any_text(key: str, left: str, right: str) -> None:
    assume(strength(key) >= STRONG)  # Not twelve a's, a 0 and eleven a's.
    assert reads_of("X", key).found_in([{"a": left + key + right}]) == "X"
    assert reads_of("X", left + key + right).found_in(key) == "X"
