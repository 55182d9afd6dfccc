"""Loops inside loops."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Catalog:
    """Schemas with their tables."""

    schemas: dict[str, list[str]] = field(
        default_factory=lambda: {"sales": ["orders", "items"], "web": ["visits"]}
    )
    statements: list[str] = field(init=False, default_factory=list)


@flow.extract
def list_schemas(catalog: Catalog) -> list[str]:
    """Read the schemas."""
    return list(catalog.schemas)


@flow.extract
def list_tables(catalog: Catalog, schema: str) -> list[str]:
    """Read the tables of a schema."""
    return catalog.schemas[schema]


@flow.step
def execute(catalog: Catalog, statement: str) -> None:
    """Run a statement."""
    catalog.statements.append(statement)


@flow.workflow
def vacuum_tables() -> flow.Step[Catalog]:
    """Vacuum all tables of all schemas."""
    return flow.in_serial(
        flow.for_each(
            list_schemas,
            lambda schema: flow.in_serial(
                execute(f"SET search_path TO {schema}"),
                flow.for_each(
                    list_tables(schema),
                    lambda table: flow.do(
                        execute(f"VACUUM {schema}.{table}"),
                        execute(f"ANALYZE {schema}.{table}"),
                    ),
                ),
            ),
        )
    )
