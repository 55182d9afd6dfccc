"""Small projects on disk, bundled and put together as a script would be."""

from __future__ import annotations

import importlib
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from transpiler.diagnostics import Diagnostic, TranspileError
from transpiler.frontend.bundle import bundle
from transpiler.frontend.bundled import Bundle, Import, Root

FLOW = "from __future__ import annotations\n\nfrom transpiler import flow\n\n"


@dataclass
class Packed:
    """A bundle and the script that it makes."""

    bundle: Bundle
    script: str

    @property
    def names(self) -> list[str]:
        """What the definitions bind, in their order."""
        return [definition.name for definition in self.bundle.definitions]

    @property
    def imports(self) -> list[str]:
        """The import statements."""
        return [written(one) for one in self.bundle.imports]

    def text(self, name: str) -> str:
        """The text of what binds a name, several definitions joined."""
        found = [d.text for d in self.bundle.definitions if d.name == name]
        return "\n\n".join(found)

    def run(self) -> dict[str, Any]:
        """Execute the script as a module and return its names."""
        module = ModuleType("bundled_script")
        sys.modules["bundled_script"] = module
        try:
            exec(compile(self.script, "<script>", "exec"), vars(module))
        finally:
            del sys.modules["bundled_script"]
        return vars(module)


class Projects:
    """Writes projects into one folder and bundles from them."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, files: dict[str, str]) -> None:
        """Write files; `pyproject.toml` marks the root unless one is given."""
        for name, text in {"pyproject.toml": "", **files}.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")

    @contextmanager
    def imported(self) -> Iterator[None]:
        """Import from the project inside, and leave no trace."""
        before = dict(sys.modules)
        sys.path.insert(0, str(self.root))
        importlib.invalidate_caches()
        try:
            yield
        finally:
            sys.path.remove(str(self.root))
            new = {n: m for n, m in sys.modules.items() if n not in before}
            for name in [n for n, m in new.items() if self._owns(m)]:
                del sys.modules[name]

    def _owns(self, module: ModuleType) -> bool:
        places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
        return any(str(place).startswith(str(self.root)) for place in places)

    def pack(
        self,
        files: dict[str, str],
        roots: str,
        *,
        entry: str = "workflow",
        avoid: Iterable[str] = (),
        lint: bool = True,
    ) -> Packed:
        """Bundle names of the entry module (or `module:name`) and check the script."""
        self.write(files)
        with self.imported():
            importlib.import_module(entry)
            wanted = []
            for root in roots.split():
                module, _, name = root.rpartition(":")
                if module:
                    importlib.import_module(module)
                wanted.append(Root(module or entry, name))
            result = bundle(wanted, avoid=frozenset(avoid), entry=entry)
        used = {result.names[root.module, root.name] for root in wanted}
        script = written_script(result, used)
        if lint:
            assert_clean(script)
        return Packed(result, script)

    def refused(self, files: dict[str, str], roots: str) -> list[Diagnostic]:
        """Return the findings of a bundling that must fail."""
        try:
            packed = self.pack(files, roots, lint=False)
        except TranspileError as error:
            return list(error.diagnostics)
        raise AssertionError(f"nothing was refused:\n{packed.script}")


def written(one: Import) -> str:
    """Write an import as a statement."""
    if one.name is None:
        plain = one.bound == one.module.partition(".")[0]
        return f"import {one.module}" + ("" if plain else f" as {one.bound}")
    renamed = "" if one.bound == one.name else f" as {one.bound}"
    return f"from {one.module} import {one.name}{renamed}"


def written_script(result: Bundle, used: Iterable[str] = ()) -> str:
    """Write a bundle as a module, roughly as the emitter does."""
    lines = ["from __future__ import annotations", ""]
    lines += [written(one) for one in result.imports if not one.type_checking]
    checking = [written(one) for one in result.imports if one.type_checking]
    if checking:
        lines += ["if TYPE_CHECKING:"]
        lines += [f"    {line}" for line in checking]
    for name in sorted(result.prelude):
        bound = result.names.get(("transpiler.flow", name), name)
        lines += [f"class {bound}(Exception): ..."]
    for definition in result.definitions:
        lines += ["", "", definition.text]
    lines += ["", "", f"USED = [{', '.join(sorted(used))}]", ""]
    return "\n".join(lines)


def assert_clean(script: str) -> None:
    """Assert that a script has no unknown, unused or twice defined name."""
    command = ["ruff", "check", "--isolated", "--select=F", "--ignore=F811,F841"]
    command += ["--target-version=py311", "--no-cache", "--quiet", "-"]
    ruff = Path(sys.executable).with_name(command[0])
    done = subprocess.run(
        [ruff, *command[1:]], input=script, capture_output=True, text=True
    )
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\n{script}"
