"""examples/postgres: the script provisions a real server, and can do so again.

Where no server can be started these tests fail: they are the proof that the script
does something.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from examples.postgres.with_server import embedded_server
from transpiler import transpile_file
from transpiler.outputs import stamp

ROOT = Path(__file__).resolve().parents[1]
WORKFLOW = ROOT / "examples/postgres/workflow.py"
WITH_SERVER = ROOT / "examples/postgres/with_server.py"
SCRIPT = ROOT / "generated/provision_postgres.py"
FLOWC = Path(sys.executable).with_name("flowc")

REPORT = """\
databases
  analytics                         at most 10 connections
  app                               at most 50 connections
  cache                             at most 20 connections
roles
  admin                             login, createdb, createrole
  analytics_user                    login
  app_user                          login
  monitor                           login
  postgres                          login, createdb, createrole, replication
  readonly_user                     login
grants
  admin                             CONNECT, CREATE, TEMPORARY on analytics
  admin                             CONNECT, CREATE, TEMPORARY on app
  admin                             CONNECT, CREATE, TEMPORARY on cache
  analytics_user                    CONNECT, CREATE, TEMPORARY on analytics
  app_user                          CONNECT, CREATE, TEMPORARY on app
  monitor                           CONNECT on analytics
  monitor                           CONNECT on app
  monitor                           CONNECT on cache
  readonly_user                     CONNECT on app
settings
  authentication_timeout            30s
  client_connection_check_interval  10s
"""
REPLICA_REPORT = (
    REPORT.replace(
        "  readonly_user                     login\n",
        "  readonly_user                     login\n"
        "  replicator                        login, replication\n",
    )
    + "  wal_keep_size                     512MB\n"
)

ROLES = ["admin", "analytics_user", "app_user", "monitor", "readonly_user"]
DATABASES = ["analytics", "app", "cache"]


@pytest.fixture(scope="module")
def installed() -> Iterator[str]:
    """Start a server for all tests of this file; return its URL."""
    with embedded_server() as url:
        yield url


@pytest.fixture
def url(installed: str) -> str:
    """Return the URL of a server on which nothing has been provisioned."""
    with psycopg.connect(installed, autocommit=True) as connection:
        for database in DATABASES:
            connection.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        for role in [*ROLES, "replicator"]:
            connection.execute(f"DROP ROLE IF EXISTS {role}")
        connection.execute("ALTER SYSTEM RESET ALL")
        connection.execute("SELECT pg_reload_conf()")
    return installed


def run(
    *arguments: str, url: str, command: tuple[str, ...] = (str(SCRIPT),)
) -> subprocess.CompletedProcess[str]:
    """Run the script against a server."""
    return subprocess.run(
        [sys.executable, *command, *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": url},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_script_is_what_the_workflow_says() -> None:
    assert SCRIPT.read_text(encoding="utf-8") == stamp(transpile_file(WORKFLOW))


def test_twice_in_a_row_with_the_same_result(url: str) -> None:
    first = run(url=url)
    assert (first.returncode, first.stdout) == (0, REPORT), first.stderr
    assert "INFO database app created" in first.stderr
    assert "INFO role admin created" in first.stderr
    assert "attempt" not in first.stderr

    again = run(url=url)
    assert (again.returncode, again.stdout) == (0, REPORT), again.stderr
    for database in DATABASES:
        assert f"INFO database {database} is there already" in again.stderr
    for role in ROLES:
        assert f"INFO role {role} is there already" in again.stderr
    assert " created" not in again.stderr


def test_the_report_is_what_the_catalog_says(url: str) -> None:
    assert run(url=url).returncode == 0
    with psycopg.connect(url) as connection:
        databases = connection.execute(
            "SELECT datname, datconnlimit FROM pg_database"
            " WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY datname"
        ).fetchall()
        roles = connection.execute(
            "SELECT rolname FROM pg_roles"
            " WHERE rolcanlogin AND rolname <> 'postgres' ORDER BY rolname"
        ).fetchall()
        privileges = connection.execute(
            "SELECT has_database_privilege('readonly_user', 'app', 'CONNECT'),"
            " has_database_privilege('readonly_user', 'app', 'CREATE'),"
            " has_database_privilege('readonly_user', 'cache', 'CONNECT'),"
            " has_database_privilege('admin', 'cache', 'CREATE')"
        ).fetchone()
    assert databases == [("analytics", 10), ("app", 50), ("cache", 20)]
    assert [name for (name,) in roles] == ROLES
    assert privileges == (True, False, False, True)


def test_a_lock_of_another_session_is_waited_out_by_the_retry(url: str) -> None:
    finished = run("--rehearse", url=url)
    assert (finished.returncode, finished.stdout) == (0, REPORT), finished.stderr
    attempts = re.findall(
        r"WARNING attempt (\d) of 5: canceling statement due to lock timeout"
        r"(?:\nCONTEXT: .*)?; again in (\d\.\d) s",
        finished.stderr,
    )
    assert attempts[0] == ("1", "0.1")
    assert attempts == [("1", "0.1"), ("2", "0.2"), ("3", "0.4")][: len(attempts)]
    # What came before the lock in the retried steps has run once more in each attempt.
    assert finished.stderr.count("role admin is there already") == len(attempts)
    assert finished.stderr.count("admin has ALL on app, analytics, cache") == 1


def test_the_retry_gives_up(url: str) -> None:
    assert run(url=url).returncode == 0
    with psycopg.connect(url) as colleague:
        # Held for longer than all attempts take.
        colleague.execute("ALTER ROLE admin NOLOGIN")
        finished = run("--lock-timeout-ms", "30", url=url)
        colleague.rollback()
    assert (finished.returncode, finished.stdout) == (1, "")
    attempts = re.findall(r"WARNING attempt (\d) of 5: .*", finished.stderr)
    assert attempts == ["1", "2", "3", "4"]
    assert "ERROR provision_postgres failed\nTraceback" in finished.stderr
    assert "psycopg.errors.LockNotAvailable: canceling" in finished.stderr
    assert "role monitor" not in finished.stderr


def test_a_branch_that_fails_ends_the_run_when_the_others_have_ended(url: str) -> None:
    assert run(url=url).returncode == 0
    with psycopg.connect(url) as colleague:
        colleague.execute("ALTER DATABASE analytics CONNECTION LIMIT 1")
        finished = run("--lock-timeout-ms", "300", url=url)
        colleague.rollback()
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "psycopg.errors.LockNotAvailable: canceling" in finished.stderr
    for database in DATABASES:
        assert f"INFO database {database} is there already" in finished.stderr
    assert "role app_user" not in finished.stderr
    assert "attempt" not in finished.stderr


def test_a_replica_gets_its_role_and_its_log(url: str) -> None:
    finished = run("--replica", url=url)
    assert (finished.returncode, finished.stdout) == (0, REPLICA_REPORT)


def test_the_best_effort_fails_is_logged_and_is_lived_with(url: str) -> None:
    finished = run(url=url)
    assert finished.returncode == 0
    _, warning, rest = finished.stderr.partition("WARNING best effort failed, going on")
    assert warning
    assert rest.startswith("\nTraceback (most recent call last):\n")
    assert 'create_extension(server, "pg_wait_sampling")' in rest
    assert 'extension "pg_wait_sampling" is not available' in rest
    assert finished.stderr.count("Traceback") == 1
    # What came before it in the same step is kept.
    assert "monitor                           CONNECT on app" in finished.stdout


def test_a_missing_database_exits_1(url: str) -> None:
    finished = run("--require", "app", "billing", url=url)
    assert finished.returncode == 1
    assert "ERROR provision_postgres failed\nTraceback" in finished.stderr
    assert finished.stderr.endswith("databases are missing: ['billing']\n")
    # The report was printed before it failed.
    assert finished.stdout == REPORT


def test_an_unreachable_server_exits_1(tmp_path: Path) -> None:
    finished = run(url=f"postgresql://postgres@/postgres?host={tmp_path}")
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "ERROR provision_postgres failed\nTraceback" in finished.stderr
    assert "\npsycopg.OperationalError: connection " in finished.stderr
    assert "No such file or directory" in finished.stderr


def test_a_user_that_may_not_provision_exits_1_at_once(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE monitor LOGIN")
    finished = run(url=url.replace("postgres@", "monitor@"))
    assert (finished.returncode, finished.stdout) == (1, "")
    assert "PermissionError: this takes a superuser on a primary" in finished.stderr
    assert "parameter" not in finished.stderr


def test_wrong_usage_exits_2_and_touches_nothing(url: str) -> None:
    finished = run("--lock-timeout-ms", "soon", url=url)
    assert finished.returncode == 2
    assert "argument --lock-timeout-ms: invalid int value: 'soon'" in finished.stderr
    with psycopg.connect(url) as connection:
        names = connection.execute("SELECT datname FROM pg_database").fetchall()
    assert ("app",) not in names


@pytest.mark.parametrize(
    ("options", "settings", "report"),
    [((), (), REPORT), (("--replica",), ("--set", "replica=yes"), REPLICA_REPORT)],
    ids=["primary", "replica"],
)
def test_the_interpreter_does_the_same(
    options: tuple[str, ...], settings: tuple[str, ...], report: str, url: str
) -> None:
    direct = run("run", str(WORKFLOW), *settings, url=url, command=(str(FLOWC),))
    assert (direct.returncode, direct.stdout) == (0, report), direct.stderr
    assert "INFO database app created" in direct.stderr
    # On the server that the interpreter has provisioned, nothing is left to do.
    scripted = run(*options, url=url)
    assert (scripted.returncode, scripted.stdout) == (0, report), scripted.stderr
    assert " created" not in scripted.stderr


def test_the_interpreter_retries_and_fails_as_the_script_does(url: str) -> None:
    direct = run(
        *("run", str(WORKFLOW), "--set", "rehearse=yes", "--set", "require=billing"),
        url=url,
        command=(str(FLOWC),),
    )
    assert (direct.returncode, direct.stdout) == (1, REPORT)
    assert "WARNING attempt 1: canceling statement due to lock timeout" in direct.stderr
    assert "WARNING best effort failed, going on" in direct.stderr
    assert "databases are missing: ['billing']" in direct.stderr


# What starts the server


def with_server(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command with a server of its own."""
    return subprocess.run(
        [sys.executable, WITH_SERVER, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_with_server_leaves_nothing_behind() -> None:
    finished = with_server(sys.executable, str(SCRIPT))
    assert (finished.returncode, finished.stdout) == (0, REPORT), finished.stderr
    shown = with_server("sh", "-c", 'echo "$DATABASE_URL"; exit 7')
    assert shown.returncode == 7
    folder = re.search(r"host=(/tmp/postgres-\w+)&", shown.stdout)
    assert folder
    assert not Path(folder[1]).exists()


def test_with_server_takes_the_server_that_is_there(url: str) -> None:
    shown = with_server("sh", "-c", 'echo "$DATABASE_URL"', DATABASE_URL=url)
    assert (shown.returncode, shown.stdout) == (0, f"{url}\n")
