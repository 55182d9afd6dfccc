"""The static workflow, for real: databases, roles and grants of a PostgreSQL server."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from typing import Literal, LiteralString, NamedTuple

import psycopg
from psycopg import errors, sql

from transpiler import flow

log = logging.getLogger(__name__)

Attribute = Literal["CREATEDB", "CREATEROLE", "REPLICATION"]
Privilege = Literal["ALL", "CONNECT", "CREATE", "TEMPORARY"]


class Account(NamedTuple):
    """A role that logs in, and what it may do with its database."""

    role: str
    privilege: Privilege
    database: str


STANDARD_ACCOUNTS = [
    Account("app_user", "ALL", "app"),
    Account("analytics_user", "ALL", "analytics"),
    Account("readonly_user", "CONNECT", "app"),
]

# What to read back from the catalog, by the heading to print it under.
REPORT: dict[str, LiteralString] = {
    "databases": """
        SELECT datname, 'at most ' || datconnlimit || ' connections'
        FROM pg_database WHERE datconnlimit <> -1 ORDER BY datname
    """,
    "roles": """
        SELECT rolname, concat_ws(', ',
            CASE WHEN rolcanlogin THEN 'login' END,
            CASE WHEN rolcreatedb THEN 'createdb' END,
            CASE WHEN rolcreaterole THEN 'createrole' END,
            CASE WHEN rolreplication THEN 'replication' END)
        FROM pg_roles WHERE NOT starts_with(rolname, 'pg_') ORDER BY rolname
    """,
    "grants": """
        SELECT rolname, string_agg(privilege_type, ', ' ORDER BY privilege_type)
            || ' on ' || datname
        FROM pg_database, aclexplode(datacl) JOIN pg_roles ON pg_roles.oid = grantee
        WHERE grantee <> datdba GROUP BY rolname, datname ORDER BY rolname, datname
    """,
    "settings": """
        SELECT name, setting FROM pg_file_settings
        WHERE sourcefile LIKE '%postgresql.auto.conf' ORDER BY name
    """,
}


@dataclass
class Server:
    """How to provision the server of DATABASE_URL, or of PGHOST and its like."""

    # Whether a replica is going to follow.
    replica: bool = False
    # The databases that have to be there in the end.
    require: list[str] = field(default_factory=lambda: ["app", "analytics", "cache"])
    # How long to wait for a lock that another session holds.
    lock_timeout_ms: int = 250
    # Whether another session is to hold such a lock for a second: see the retry.
    rehearse: bool = False


def connect(server: Server) -> psycopg.Connection:
    """Open a session of a step's own, so that steps may run at the same time."""
    connection = psycopg.connect(
        # A URL may hold a password: it is read here, and is no command-line option.
        os.environ.get("DATABASE_URL", ""),
        autocommit=True,
        connect_timeout=5,
    )
    milliseconds = str(server.lock_timeout_ms)
    connection.execute("SELECT set_config('lock_timeout', %s, false)", [milliseconds])
    return connection


def execute(server: Server, statement: LiteralString, **parts: sql.Composable) -> None:
    """Run a statement that is composed, with its names and literals quoted."""
    with connect(server) as connection:
        connection.execute(sql.SQL(statement).format(**parts))


@flow.step
def check_server(server: Server) -> None:
    """Fail early where the rest could not work."""
    with connect(server) as connection:
        status = connection.info.parameter_status
        log.info("PostgreSQL %s", status("server_version"))
        if status("is_superuser") != "on" or status("in_hot_standby") == "on":
            raise PermissionError("this takes a superuser on a primary server")


@flow.step
def set_parameter(server: Server, name: str, value: str) -> None:
    """Set a parameter of the whole server for good, without a restart."""
    execute(
        server,
        "ALTER SYSTEM SET {name} = {value}",
        name=sql.Identifier(name),
        value=sql.Literal(value),
    )
    execute(server, "SELECT pg_reload_conf()")
    log.info("parameter %s is %s", name, value)


@flow.step
def create_database(server: Server, name: str, connections: int) -> None:
    """Create a database that only those may enter to whom it is granted."""
    database = sql.Identifier(name)
    try:
        execute(server, "CREATE DATABASE {database}", database=database)
        log.info("database %s created", name)
    except errors.DuplicateDatabase:
        log.info("database %s is there already", name)
    execute(
        server,
        "ALTER DATABASE {database} CONNECTION LIMIT {connections}",
        database=database,
        connections=sql.Literal(connections),
    )
    execute(server, "REVOKE ALL ON DATABASE {database} FROM PUBLIC", database=database)


@flow.step
def create_role(server: Server, name: str, *attributes: Attribute) -> None:
    """Create a role without a password: it can log in when someone has set one."""
    role = sql.Identifier(name)
    try:
        execute(server, "CREATE ROLE {role}", role=role)
        log.info("role %s created", name)
    except errors.DuplicateObject:
        log.info("role %s is there already", name)
    options = sql.SQL(" ").join(map(sql.SQL, attributes))
    execute(server, "ALTER ROLE {role} LOGIN {options}", role=role, options=options)


@flow.step
def grant(server: Server, role: str, privilege: Privilege, *databases: str) -> None:
    """Grant a privilege on all of the databases, or on none."""
    execute(
        server,
        "GRANT {privilege} ON DATABASE {databases} TO {role}",
        privilege=sql.SQL(privilege),
        databases=sql.SQL(", ").join(map(sql.Identifier, databases)),
        role=sql.Identifier(role),
    )
    log.info("%s has %s on %s", role, privilege, ", ".join(databases))


@flow.step
def create_extension(server: Server, name: str) -> None:
    """Create an extension, which the server's installation may lack."""
    extension = sql.Identifier(name)
    execute(server, "CREATE EXTENSION IF NOT EXISTS {name}", name=extension)
    log.info("extension %s is there", name)


@flow.step
def crash_elsewhere(server: Server) -> None:
    """Change a database as a colleague whose client dies before the COMMIT.

    The server notices when the statement has run. Until then it holds the lock.
    """
    colleague = connect(server)
    colleague.execute("BEGIN")
    colleague.execute("ALTER DATABASE analytics CONNECTION LIMIT 1")
    colleague.pgconn.send_query(b"SELECT pg_sleep(1)")
    colleague.close()


@flow.step
def validate_configuration(server: Server) -> None:
    """Print what the catalog says; fail unless all databases are there."""
    with connect(server) as connection:
        for heading, query in REPORT.items():
            print(heading)
            for name, details in connection.execute(query):
                print(f"  {name:<34}{details}")
        databases = connection.execute("SELECT datname FROM pg_database").fetchall()
    missing = set(server.require) - {name for (name,) in databases}
    if missing:
        raise RuntimeError(f"databases are missing: {sorted(missing)}")


@flow.workflow
def provision_postgres() -> flow.Step[Server]:
    """Provision a PostgreSQL server: run it once or again, the result is the same."""
    return flow.do(
        check_server(),
        # Clients that are gone must not use up the connections.
        set_parameter("authentication_timeout", "30s"),
        set_parameter("client_connection_check_interval", "10s"),
        # The databases do not depend on each other.
        flow.in_parallel(
            create_database("app", connections=50),
            create_database("analytics", connections=10),
            create_database("cache", connections=20),
        ),
        flow.in_serial(
            flow.for_each(
                lambda server: STANDARD_ACCOUNTS,
                lambda account: flow.do(
                    create_role(account.role),
                    grant(account.role, account.privilege, account.database),
                ),
            )
        ),
        # Only a replica streams the log, and needs some of it kept to catch up.
        flow.when(
            lambda server: server.replica,
            flow.do(
                create_role("replicator", "REPLICATION"),
                set_parameter("wal_keep_size", "512MB"),
            ),
        ),
        flow.when(lambda server: server.rehearse, crash_elsewhere()),
        # Locks come and go: psycopg's LockNotAvailable is an OperationalError.
        flow.retry(
            flow.do(
                create_role("admin", "CREATEDB", "CREATEROLE"),
                grant("admin", "ALL", "app", "analytics", "cache"),
            ),
            flow.up_to(5),
            flow.exponential_backoff(0.1),
            on=psycopg.OperationalError,
        ),
        # Few installations bring this extension: then we live without it.
        flow.ignore_error(
            flow.do(
                create_role("monitor"),
                grant("monitor", "CONNECT", "app", "analytics", "cache"),
                create_extension("pg_wait_sampling"),
            ),
            on=psycopg.Error,
        ),
        validate_configuration(),
    )
