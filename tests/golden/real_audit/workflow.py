"""Check all accounts, and report everything that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from transpiler import flow

TRACE = Path("audit.jsonl")


@dataclass
class Audit:
    """An audit of cloud accounts."""

    accounts: list[str] = field(default_factory=lambda: ["prod", "dev", "sandbox"])
    findings: list[str] = field(init=False, default_factory=list)
    attempts: dict[str, int] = field(init=False, default_factory=dict)


@dataclass
class Account:
    """One account."""

    name: str
    audit: Audit
    kind: str = "aws"


@flow.extract
def list_accounts(audit: Audit) -> list[str]:
    """List accounts."""
    return audit.accounts


@flow.extract
def account(audit: Audit, name: str) -> Account:
    """Log in."""
    return Account(name, audit, "gcp" if name == "dev" else "aws")


@flow.extract
def kind(account: Account) -> str:
    """Say of which cloud it is."""
    return account.kind


@flow.extract
def users(account: Account, *, region: str = "eu") -> list[dict[str, Any]]:
    """List the users of an account."""
    return [{"name": "root", "mfa": False}, {"name": "ada", "mfa": True}]


@flow.extract
def buckets(account: Account) -> list[str]:
    """List the buckets of an account."""
    return ["logs", "public"]


@flow.consume
def require_mfa(account: Account, user: dict[str, Any]) -> None:
    """Fail if a user has no second factor."""
    if not user["mfa"] and account.name == "prod":
        raise PermissionError(f"{user['name']} of {account.name} has no MFA")


@flow.step
def require_private(
    account: Account, bucket: str, *, allow: tuple[str, ...] = ()
) -> None:
    """Fail if everyone can read a bucket."""
    if bucket == "public" and account.name not in allow:
        raise PermissionError(f"{bucket} of {account.name} is public")


@flow.step
def skip(account: Account, why: str) -> None:
    """Say that nothing was checked."""
    account.audit.findings.append(f"{account.name}: {why}")


@flow.step
def report(audit: Audit, title: str) -> None:
    """Write a report."""
    audit.findings.append(title)


@flow.step
def flaky(audit: Audit, what: str) -> None:
    """Fail the first time."""
    audit.attempts[what] = audit.attempts.get(what, 0) + 1
    if audit.attempts[what] < 2:
        raise ConnectionError(what)


check_bucket = partial(require_private, allow=("sandbox",))


def audit_account(name: str) -> flow.Step[Audit]:
    """Audit one account: everything that is wrong with it is told."""
    return flow.named(
        f"account {name}",
        flow.spawn(
            account(name),
            flow.switch(
                kind,
                {
                    "aws": flow.do(
                        flow.named(
                            "users",
                            flow.with_(users(region="us"), flow.apply(require_mfa)),
                        ),
                        flow.named(
                            "buckets",
                            flow.in_serial(
                                flow.for_each(
                                    buckets, lambda bucket: check_bucket(bucket)
                                ),
                                join_errors=True,
                            ),
                        ),
                        join_errors=True,
                    ),
                    "gcp": skip("not supported"),
                },
            ),
        ),
    )


@flow.workflow
def audit_accounts() -> flow.Step[Audit]:
    """Audit all accounts at once."""
    return flow.traced(
        flow.retry(
            flow.do(
                flow.named("probe", flaky("api")),
                flow.on_error(
                    flow.in_parallel(
                        flow.named(
                            "all accounts", flow.for_each(list_accounts, audit_account)
                        ),
                        flow.named(
                            "self check",
                            flow.do(
                                flaky("disk"), report(flow.env("AUDIT_TITLE", "audit"))
                            ),
                        ),
                        join_errors=True,
                    ),
                    {ExceptionGroup: report("findings!"), OSError: None},
                ),
            ),
            flow.up_to(3),
            on=(ConnectionError, TimeoutError),
        ),
        to=TRACE,
    )
