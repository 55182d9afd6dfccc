"""Deploy services with helpers that are classes."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow

SERVICES = ("api", "web")


@dataclass
class Cluster:
    """A cluster."""

    name: str = "prod"
    events: list[str] = field(init=False, default_factory=list)


@flow.extract
def services(cluster: Cluster) -> list[str]:
    """List services."""
    return list(SERVICES)


@flow.step
def deploy(cluster: Cluster, service: str, version: str, replicas: int = 1) -> None:
    """Deploy a service."""
    cluster.events.append(f"{service} {version} x{replicas}")


@flow.step
def check(cluster: Cluster, service: str, url: str) -> None:
    """Ask a service."""
    cluster.events.append(f"check {service} at {url}")


@flow.step
def announce(cluster: Cluster, text: str) -> None:
    """Tell people."""
    cluster.events.append(text)


@dataclass(frozen=True)
class Release:
    """A release of some version, with the policies that it is rolled out by."""

    version: str
    replicas: int = 2
    attempts: int = 3

    def patiently(self, step: flow.Step[Cluster]) -> flow.Step[Cluster]:
        """Try a step as often as this release allows."""
        return flow.retry(step, flow.up_to(self.attempts), flow.fixed_backoff(0.01))

    def to(self, service: str) -> flow.Step[Cluster]:
        """Roll out to one service."""
        return flow.named(
            f"{service} {self.version}",
            flow.do(
                self.patiently(deploy(service, self.version, self.replicas)),
                self.patiently(check(service, f"https://{service}/{self.version}")),
                announce(f"{service} is at {self.version}"),
            ),
        )

    def everywhere(self) -> flow.Step[Cluster]:
        """Roll out to all services at once."""
        return flow.in_parallel(*[self.to(service) for service in SERVICES])

    @classmethod
    def canary(cls, version: str) -> Release:
        """A release that is careful."""
        return cls(version, replicas=1, attempts=2)

    @staticmethod
    def finish(text: str) -> flow.Step[Cluster]:
        """End it."""
        return announce(text.upper())


@flow.workflow
def release_services() -> flow.Step[Cluster]:
    """Roll out three releases."""
    stable = Release("2.0")
    canary = Release.canary("2.1")
    return flow.do(
        flow.in_parallel(flow.for_each(services, stable.to)),
        flow.in_serial(flow.for_each(SERVICES, canary.to)),
        Release("3.0").everywhere(),
        Release.finish("done"),
    )
