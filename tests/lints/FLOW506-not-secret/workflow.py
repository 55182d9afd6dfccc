"""What looks like a secret, and is none."""

from __future__ import annotations

import os
from dataclasses import dataclass

from transpiler import flow

PASSWORD_FIELD = "the-password-field"
TOKEN_URL = "https://auth.internal/oauth2/token"
TOKEN = "state_token"
SECRET_NAME = "projects/4711/secrets/db"
API_KEY_HEADER = "X-Api-Key-2"
PASSWORD = "<password>"
AWS_DOCS = "AKIAIOSFODNN7EXAMPLE"
SECRET = "DB_PASSWORD_2"
PRIVATE_KEY = "/etc/ssl/private/server.pem"
SEPARATOR_TOKEN = "--------------------"
CHECKSUM = "d41d8cd98f00b204e9800998ecf8427e"


@dataclass
class Server:
    """A server."""

    host: str = "db.internal"
    password: str = ""
    token: str | None = None
    secret: str = "changeme"
    passphrase: str = "${PASSPHRASE}"


def connect(url: str, password: str) -> None:
    """Open a session."""


@flow.step
def provision_roles(server: Server, password: str, token_count: str = "12") -> None:
    """Create the roles; the password="hunter2" of a docstring is only words."""
    connect("postgres://db.internal/app", password=password)
    connect(f"postgres://app:{password}@{server.host}/app", password="")
    connect("postgres://app:password@localhost/app", os.environ["PASSWORD"])
    connect("postgres://app@localhost:5432/app", os.environ.get("TOKEN", "none"))
    connect("see https://example.org:80/a@b", f"{password}")
    print("password:", "Enter the password of the server")
    print({"password": "your-password-here", "token": "abc", "secret": "xxxxxxxxxxxx"})


@flow.workflow
def provision() -> flow.Step[Server]:
    """Provision it."""
    return flow.do(provision_roles(flow.env("DB_PASSWORD", "changeme")))
