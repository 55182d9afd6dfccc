"""Rotate the certificates of services."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from transpiler import flow


class Service(NamedTuple):
    """A service with a certificate."""

    name: str
    domain: str
    reload: bool = True


SERVICES = [
    Service("gateway", "example.org"),
    Service("mail", "mail.example.org", reload=False),
]

CONTACT = "ops@example.org"


@dataclass
class Vault:
    """Where certificates are kept."""

    dry_run: bool = False
    issued: dict[str, int] = field(init=False, default_factory=dict)
    journal: list[str] = field(init=False, default_factory=list)


@flow.predicate
def expires_soon(vault: Vault, domain: str) -> bool:
    """Return whether a certificate has to be renewed."""
    return domain not in vault.issued


@flow.predicate
def answers(vault: Vault, service: Service) -> bool:
    """Return whether a service answers with its new certificate."""
    return service.domain in vault.issued


@flow.step
def issue(vault: Vault, domain: str, contact: str) -> None:
    """Ask the authority for a certificate."""
    vault.issued[domain] = len(vault.issued)
    vault.journal.append(f"issue {domain} for {contact}")


@flow.step
def install(vault: Vault, service: Service) -> None:
    """Give a service its certificate."""
    vault.journal.append(f"install on {service.name}")


@flow.step
def restore(vault: Vault, service: Service) -> None:
    """Give a service its old certificate back."""
    vault.journal.append(f"restore {service.name}")


@flow.step
def reload(vault: Vault, name: str) -> None:
    """Have a service read its certificate again."""
    vault.journal.append(f"reload {name}")


@flow.step
def stop(vault: Vault, reason: str) -> None:
    """Go no further."""
    raise RuntimeError(reason)


@flow.step
def report(vault: Vault, subject: str, lines: list[str]) -> None:
    """Write to the team."""
    vault.journal.append(f"{subject}: {lines}")


@flow.workflow
def rotate_certificates() -> flow.Step[Vault]:
    """Rotate the certificates that expire soon."""
    return flow.do(
        flow.in_serial(
            flow.for_each(
                SERVICES,
                lambda service: flow.when(
                    expires_soon(service.domain),
                    flow.named(
                        f"service {service.name}",
                        flow.do(
                            flow.retry(
                                issue(service.domain, CONTACT),
                                flow.only_if(
                                    lambda error: "rate limit" not in str(error)
                                ),
                                flow.up_to(3),
                                flow.fixed_backoff(10),
                            ),
                            install(service),
                            # Some read it by themselves.
                            flow.unless(
                                lambda vault: not service.reload, reload(service.name)
                            ),
                            flow.on_error(
                                flow.with_timeout(
                                    30,
                                    flow.until(answers(service), flow.sleep(2)),
                                ),
                                {
                                    TimeoutError: flow.do(
                                        restore(service),
                                        stop(f"{service.name} is as before"),
                                    )
                                },
                            ),
                        ),
                    ),
                ),
            )
        ),
        flow.unless(
            lambda vault: vault.dry_run,
            report("certificates", lines=[f"{s.name}: {s.domain}" for s in SERVICES]),
        ),
    )
