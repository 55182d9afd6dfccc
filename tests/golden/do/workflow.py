"""Steps in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from transpiler import flow


@dataclass
class Server:
    """A server that is being set up."""

    name: str = "web-1"
    packages: list[str] = field(init=False, default_factory=list)


@flow.step
def boot(server: Server) -> None:
    """Start the machine."""
    server.packages.clear()


@flow.step
def install(server: Server, package: str) -> None:
    """Install a package."""
    server.packages.append(package)


def reload_services(server: Server) -> None:
    """Have the services read their configuration again."""
    server.packages.sort()


@flow.workflow
def set_up_server() -> flow.Step[Server]:
    """Set up a server."""
    return flow.do(
        boot,
        flow.do(
            install("nginx"),
            flow.do(install("certbot")),
        ),
        reload_services,
        lambda server: server.packages.reverse(),
    )
