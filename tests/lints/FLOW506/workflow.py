"""Secrets in the source. None of them is one."""

from __future__ import annotations

from dataclasses import dataclass

import settings

from transpiler import flow


@dataclass
class Server:
    """A server."""

    host: str = "db.internal"
    password: str = "hunter2"
    api_token: str = "q8Zt4Lw0Kf2Qp77XvB1n"


def connect(url: str, user: str, password: str, **options: str) -> None:
    """Open a session."""


@flow.step
def provision_roles(server: Server, role: str, db_password: str = "S3cure!now") -> None:
    """Create the roles."""
    connect("postgres://app:tr0ub4dor@db.internal/app", "app", password="letmein!9")
    connect(f"https://ci:s3same-0pen@{server.host}/", "ci", settings.SECRET_KEY)
    connect(
        "",
        "",
        "",
        headers=str({"Authorization": "ghp_" "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8"}),
    )
    connect("", "", "", **{"api-key": "none", "client_secret": "9fK2mQx7Tz4Lw0Bv"})


@flow.workflow
def provision() -> flow.Step[Server]:
    """Provision it."""
    return flow.do(provision_roles("app"), provision_roles("b", "pa55-for-b"))
