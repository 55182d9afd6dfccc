"""A Python with nothing installed."""

from __future__ import annotations

import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class BarePython:
    """The interpreter of an empty virtual environment."""

    executable: Path
    folder: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run it in isolation: no environment variables, no user's site-packages."""
        return subprocess.run(
            [self.executable, "-I", *arguments],
            capture_output=True,
            text=True,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            timeout=60,
        )


def make_bare_python(folder: Path) -> BarePython:
    """Make a virtual environment without pip and of course without this package."""
    base = Path(getattr(sys, "_base_executable", sys.executable))
    assert base.exists()
    venv.create(folder / "bare", with_pip=False, symlinks=True)
    work = folder / "work"
    work.mkdir()
    return BarePython(folder / "bare" / "bin" / "python", work)
