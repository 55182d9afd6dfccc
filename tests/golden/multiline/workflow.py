"""Texts of several lines as arguments."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

VIEW = """
CREATE VIEW recent AS
    SELECT *
    FROM orders
"""


@dataclass
class Database:
    """A database that remembers its statements."""

    fresh: bool = True
    statements: list[str] = field(init=False, default_factory=list)


@flow.step
def execute(database: Database, statement: str, *values: str) -> None:
    """Run a statement.

    It may be
      indented.
    """
    database.statements.append(statement)


def index(table: str) -> str:
    """Return a statement that is made at build time."""
    return f"""
CREATE INDEX {table}_id
  ON {table} (id)
"""


@flow.workflow
def create_schema() -> flow.Step[Database]:
    """Create a schema.

    The statements are run in order:

        tables first,
          then views.
    """
    created = "line one\n  line two\n"
    return flow.do(
        execute(VIEW),
        flow.when(
            lambda database: database.fresh,
            flow.in_serial(
                flow.for_each(
                    ["orders", "items"],
                    lambda table: flow.do(
                        execute(
                            f"""
CREATE TABLE {table} (
    id bigint,
  name text
)
""",
                            "a",
                            "b",
                        ),
                        execute("GRANT SELECT " f"ON {table} " "TO reader"),
                    ),
                )
            ),
        ),
        execute(created),
        execute('''He said: """quoted"""
and left.'''),
        execute("""
            SELECT 1;
        """),
    )
